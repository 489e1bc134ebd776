import { passGate } from '../pass-gate.ts';
import type { Wire } from '../router.ts';
import { inferenceRoutes, type InferenceParts } from './inference-routes.ts';
import { listingRoutes, type ListingParts } from './listing-routes.ts';

/** Ollama's native wire protocol, version 0.30 and later. */
export function ollamaWire(parts: InferenceParts & ListingParts): Wire {
  return [...listingRoutes(parts).map(passGate(parts.gate)), ...inferenceRoutes(parts)];
}
