import { jsonAnswer, type Answer } from './http.ts';

/** Below this path a stand-in is steered and read by hand and by other processes. No key is needed. */
export const CONTROL_PREFIX = '/_stand-in/';

/** By `<METHOD> <name>`; what a route returns is answered as JSON. */
export type ControlRoutes = Readonly<Record<string, (body: Buffer, query: URLSearchParams) => unknown>>;

/** The caller of a control path sent something unusable; answered as 400 with this message. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

export async function answerControl(
  routes: ControlRoutes,
  call: { method: string; path: string; query: URLSearchParams; body: Buffer },
): Promise<Answer> {
  const name = `${call.method} ${call.path.slice(CONTROL_PREFIX.length)}`;
  const route = routes[name];
  if (!route) return jsonAnswer(404, { detail: `no such control: ${name}`, controls: Object.keys(routes) });
  try {
    return jsonAnswer(200, await route(call.body, call.query));
  } catch (cause) {
    if (cause instanceof ControlError) return jsonAnswer(400, { detail: cause.message });
    throw cause;
  }
}
