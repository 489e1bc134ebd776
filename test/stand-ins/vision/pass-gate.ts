import type { Gate } from './gate.ts';
import type { Route } from './router.ts';

/** A route that stands still while the gate is closed. Inference calls pass it themselves, once they are recorded. */
export function passGate(gate: Gate): (route: Route) => Route {
  return (route) => ({
    ...route,
    handle: async (exchange) => {
      await gate.pass(exchange.signal);
      await route.handle(exchange);
    },
  });
}
