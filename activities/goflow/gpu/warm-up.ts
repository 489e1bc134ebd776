import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { VisionProvider } from '../../vision/provider.ts';

/** Longer than any model takes to load from a disk. Calls that come meanwhile wait for it at the server. */
const warmUpTimeoutMs = 15 * 60_000;

export interface WarmUp {
  /** In the background: a worker is ready before its model is. Nothing while one is under way. */
  start(): void;
  stop(): void;
}

/** Has the most used model loaded before the first image needs it. What goes wrong is only said: the calls will tell. */
export function createWarmUp(provider: Pick<VisionProvider, 'warmUp'>, model: string | undefined, log: Logger): WarmUp {
  let running: AbortController | undefined;

  const run = async (signal: AbortSignal) => {
    if (model === undefined || provider.warmUp === undefined) return;
    const startedAt = performance.now();
    try {
      await provider.warmUp(model, signal);
      log.info({ model, loadMs: Math.round(performance.now() - startedAt) }, 'the model is loaded');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) log.warn({ model, reason }, 'the model could not be loaded ahead of its first use');
    }
  };

  return {
    start() {
      if (running !== undefined) return;
      const controller = new AbortController();
      running = controller;
      const timer = setTimeout(() => controller.abort(), warmUpTimeoutMs);
      timer.unref();
      void run(controller.signal).finally(() => {
        clearTimeout(timer);
        running = undefined;
      });
    },
    stop: () => running?.abort(),
  };
}
