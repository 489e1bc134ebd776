export const ENDPOINTS = ['E1', 'E2', 'E3', 'E4', 'media', 'unknown'] as const;

/** The calls of the GoFlow API by the numbers of the specification; `media`: an image. */
export type Endpoint = (typeof ENDPOINTS)[number];

/** What a fault rule can match besides the path. `status` is that of an E2 body. */
export const MATCH_NAMES = ['projectId', 'mediaId', 'analysisId', 'status'] as const;
export type MatchName = (typeof MATCH_NAMES)[number];

export interface Ids {
  readonly projectId?: string;
  readonly mediaId?: string;
  readonly analysisId?: string;
}

interface Route {
  readonly endpoint: Endpoint;
  readonly ids: Ids;
}

const AGENT_ROUTES: readonly { endpoint: Endpoint; method: string; path: RegExp }[] = [
  { endpoint: 'E1', method: 'GET', path: /^\/api\/v1\/agent\/next-job$/ },
  { endpoint: 'E2', method: 'PUT', path: /^\/api\/v1\/agent\/projects\/(?<projectId>[^/]+)\/status$/ },
  {
    endpoint: 'E3',
    method: 'POST',
    path: /^\/api\/v1\/agent\/projects\/(?<projectId>[^/]+)\/media\/(?<mediaId>[^/]+)\/analysis\/(?<analysisId>[^/]+)$/,
  },
  { endpoint: 'E4', method: 'PUT', path: /^\/api\/v1\/agent\/projects\/(?<projectId>[^/]+)\/reports$/ },
];

/** @param hasImage says which paths outside `/media/` are images too. */
export function findRoute(method: string, path: string, hasImage: (path: string) => boolean): Route {
  for (const route of AGENT_ROUTES) {
    const match = method === route.method && route.path.exec(path);
    if (match) return { endpoint: route.endpoint, ids: { ...match.groups } };
  }
  const isMedia = method === 'GET' && (path.startsWith('/media/') || hasImage(path));
  return { endpoint: isMedia ? 'media' : 'unknown', ids: {} };
}
