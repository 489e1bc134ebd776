import { ConfigError, loadConfig } from '../../config/load.ts';
import type { Prices } from '../../config/prices.ts';

/** What tokens cost. A configuration with faults has no prices: looking at a project does not depend on it. */
export function readPrices(): Prices | undefined {
  try {
    return loadConfig([]).settings.vision.prices;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
