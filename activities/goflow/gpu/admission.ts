import { setTimeout as delay } from 'node:timers/promises';
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

export interface AdmissionOptions {
  /** Images that may be staged now: lanes, and a few ahead once all lanes work, less the places taken. */
  readonly roomWithoutPermits: () => number;
  /** How many places are taken: a fuller host answers a little later, so that a burst spreads over hosts. */
  readonly placesTaken: () => number;
  /** Called while somebody waits for room. */
  readonly onWaiting: () => void;
}

/** Measured: two hosts of four lanes get four images as 2 + 2; without the delay as 4 + 0, at 2.3 times the time. */
const delayPerPlaceMs = 10;
const lookAgainMs = 500;

/**
 * Decides when this host takes the next image from the shared queue: the slot supplier of the staging worker.
 *
 * A permit is what a poller holds; a place is what an image holds. Permits never turn into places: `releaseSlot` always
 * gives the permit back, and a successful staging takes a place. (A scheme that turned one into the other leaked permits
 * of tasks that failed before they reached our code, until the host polled no more.)
 */
export class Admission {
  private readonly options: AdmissionOptions;
  private permits = 0;
  private readonly waiters = new Set<() => void>();

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Something changed: places, lanes or health. */
  wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  readonly supplier: CustomSlotSupplier<ActivitySlotInfo> = {
    type: 'custom',
    reserveSlot: (_, abortSignal) => this.reserve(abortSignal),
    tryReserveSlot: () => null,
    markSlotUsed: () => undefined,
    releaseSlot: () => {
      this.permits -= 1;
      this.wake();
    },
  };

  private get room(): number {
    return this.options.roomWithoutPermits() - this.permits;
  }

  private async reserve(signal: AbortSignal): Promise<SlotPermit> {
    while (this.room <= 0) {
      this.options.onWaiting();
      await this.untilWoken(signal);
    }
    // in the same turn as the look: all who wait are woken at once
    this.permits += 1;
    try {
      await delay(delayPerPlaceMs * this.options.placesTaken(), undefined, { signal });
    } catch {
      this.permits -= 1;
      // the SDK logs any other error than this one
      throw signal.reason;
    }
    return {};
  }

  /** Until something changes, and now and then without a reason: idle places are noticed by looking. */
  private untilWoken(signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(wake);
        signal.removeEventListener('abort', abort);
        end();
      };
      const wake = () => settle(resolve);
      const abort = () => settle(() => reject(signal.reason as Error));
      const timer = setTimeout(wake, lookAgainMs);
      this.waiters.add(wake);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    });
  }
}
