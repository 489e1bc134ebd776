import type { Exchange } from './exchange.ts';

export interface Route {
  /** GET routes answer HEAD too. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

/** One protocol: the routes that speak it. A further wire is a further list of routes beside the others. */
export type Wire = readonly Route[];

/** Answers an exchange by the route for it; else with what the real server's router says. */
export async function dispatch(wire: Wire, exchange: Exchange): Promise<void> {
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  const atPath = wire.filter((route) => route.path === exchange.path);
  const route = atPath.find((each) => each.method === method);
  if (route) await route.handle(exchange);
  else if (atPath.length > 0) exchange.text(405, '405 method not allowed');
  else exchange.text(404, '404 page not found');
}
