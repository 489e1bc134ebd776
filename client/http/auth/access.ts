import type { ActionVerb } from '../../audit/action.ts';

/** Who may do what. Each role may do what those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Requests of one kind share a limit: `api.rateLimits` in api_endpoints.yaml. */
export type RateKind = 'processing' | 'reports';

export interface Access {
  /** `open`: without a token. */
  readonly role: Role | 'open';
  readonly rate: RateKind | 'unlimited';
  /** What it changes: who asks for it is recorded in the audit with the answer. */
  readonly action?: ActionVerb;
}

const open = { role: 'open', rate: 'unlimited' } as const;
const see = { role: 'viewer', rate: 'processing' } as const;
const report = { role: 'viewer', rate: 'reports' } as const;
const steer = (action: ActionVerb) => ({ role: 'operator', rate: 'processing', action }) as const;
/** What concerns more than one project at once. */
const rule = (action: ActionVerb) => ({ role: 'admin', rate: 'processing', action }) as const;

/**
 * Every route of the API, by method and pattern. A route that does not stand here is refused at start: nothing is open
 * because somebody forgot it.
 */
export const routeAccess = {
  'GET /health': open,
  'GET /health/live': open,
  'GET /health/ready': open,
  'GET /metrics': open,
  'GET /docs': see,
  'GET /api/v1/openapi.json': see,
  'GET /api/v1/projects': see,
  'POST /api/v1/projects': steer('project.submit'),
  'GET /api/v1/projects/:id': see,
  'GET /api/v1/projects/:id/diagnosis': see,
  'GET /api/v1/projects/:id/events': see,
  'GET /api/v1/projects/:id/report': report,
  'GET /api/v1/projects/:id/report.html': report,
  'POST /api/v1/projects/:id/retry': steer('project.retry'),
  'POST /api/v1/projects/:id/accept': steer('project.accept'),
  'POST /api/v1/projects/:id/pause': steer('project.pause'),
  'POST /api/v1/projects/:id/resume': steer('project.resume'),
  'POST /api/v1/projects/:id/cancel': steer('project.cancel'),
  'POST /api/v1/projects/:id/rerun': steer('project.rerun'),
  'POST /api/v1/projects/actions/retry': rule('project.retry'),
  'POST /api/v1/projects/actions/accept': rule('project.accept'),
  'POST /api/v1/projects/actions/pause': rule('project.pause'),
  'POST /api/v1/projects/actions/resume': rule('project.resume'),
  'POST /api/v1/projects/actions/cancel': rule('project.cancel'),
  'POST /api/v1/projects/actions/rerun': rule('project.rerun'),
  'GET /api/v1/intake': see,
  'POST /api/v1/intake/pause': steer('intake.pause'),
  'POST /api/v1/intake/resume': steer('intake.resume'),
  'POST /api/v1/intake/poll': steer('intake.poll'),
  'GET /api/v1/hosts': see,
  'POST /admin/config/reload': rule('config.reload'),
} as const satisfies Record<string, Access>;

export type RouteKey = keyof typeof routeAccess;

/** @throws {Error} nobody has said who may use it */
export function accessOf(method: string, url: string): Access {
  // a HEAD is a GET whose body is kept back
  const key = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  if (!Object.hasOwn(routeAccess, key)) throw new Error(`the route ${key} has no role in client/http/auth/access.ts`);
  return routeAccess[key as RouteKey];
}

export const mayDo = (has: Role | undefined, needs: Role): boolean =>
  has !== undefined && roles.indexOf(has) >= roles.indexOf(needs);
