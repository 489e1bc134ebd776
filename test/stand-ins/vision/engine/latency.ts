import type { Latency } from '../options.ts';
import type { Random } from '../random.ts';

/** Milliseconds of one answer. */
export function drawLatencyMs(latency: Latency, random: Random): number {
  if (typeof latency === 'number') return latency;
  const { meanMs, sigma } = latency;
  if (meanMs === 0) return 0;
  // Box-Muller: one standard normal from two uniforms. 1 - next() keeps the logarithm finite.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(Math.log(meanMs) - (sigma * sigma) / 2 + sigma * normal);
}
