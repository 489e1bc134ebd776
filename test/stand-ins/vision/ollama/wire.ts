import type { Wire } from '../router.ts';
import { inferenceRoutes, type InferenceParts } from './inference-routes.ts';
import { listingRoutes, type ListingParts } from './listing-routes.ts';

/** Ollama's native wire protocol, version 0.30 and later. */
export function ollamaWire(parts: InferenceParts & ListingParts): Wire {
  return [...listingRoutes(parts).map((route) => passGate(route, parts)), ...inferenceRoutes(parts)];
}

/** Inference calls pass the gate themselves, once they are recorded. */
function passGate(route: Wire[number], { gate }: InferenceParts): Wire[number] {
  return {
    ...route,
    handle: async (exchange) => {
      await gate.pass(exchange.signal);
      await route.handle(exchange);
    },
  };
}
