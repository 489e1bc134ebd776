import type { ApiSettings } from '../../config/api.ts';
import { ApiError } from './api-errors.ts';

export interface OpenStream {
  /** Aborted when the process ends, or by `close`. */
  readonly signal: AbortSignal;
  /** Gives the place back; may be called more than once. */
  readonly close: () => void;
}

/** Streams stay open for hours, so they have places: so many in all, and so many of one caller. */
export function createStreams(limits: () => ApiSettings['limits']) {
  const open = new Map<AbortController, string>();
  return {
    count: () => open.size,
    /** @throws {ApiError} TooManyStreams */
    open(caller: string): OpenStream {
      const { streams, streamsPerCaller } = limits();
      const ofCaller = [...open.values()].filter((name) => name === caller).length;
      if (open.size >= streams || ofCaller >= streamsPerCaller)
        throw new ApiError(
          'TooManyStreams',
          ofCaller >= streamsPerCaller
            ? `Not more than ${streamsPerCaller} live streams of one caller: close one.`
            : `Not more than ${streams} live streams at once: try again later.`,
          { 'retry-after': '30' },
        );
      const controller = new AbortController();
      open.set(controller, caller);
      return {
        signal: controller.signal,
        close() {
          open.delete(controller);
          controller.abort();
        },
      };
    },
    closeAll(): void {
      for (const controller of open.keys()) controller.abort();
      open.clear();
    },
  };
}

export type Streams = ReturnType<typeof createStreams>;
