import { performance } from 'node:perf_hooks';

/**
 * Notices when this process stood still: stopped by SIGSTOP, frozen with its container, or starved. What it was about to
 * do may have been given to somebody else meanwhile, so it has to ask before it sends.
 */
export interface StallWatch {
  /** Whether the process stood still within the last minutes, or has just come back. */
  hasStalled(): boolean;
  close(): void;
}

const tickMs = 250;
/** Well below every timeout after which the server gives work to another process. */
const stallMs = 2_000;
/** Longer than any attempt may last. */
const rememberMs = 300_000;

export function createStallWatch(): StallWatch {
  let lastTickAt = performance.now();
  let stalledAt = -Infinity;
  const look = () => {
    const now = performance.now();
    if (now - lastTickAt > stallMs) stalledAt = now;
    lastTickAt = now;
  };
  const timer = setInterval(look, tickMs);
  timer.unref();
  return {
    hasStalled() {
      // after a stop, work may come in before the timer does
      look();
      return performance.now() - stalledAt < rememberMs;
    },
    close: () => clearInterval(timer),
  };
}
