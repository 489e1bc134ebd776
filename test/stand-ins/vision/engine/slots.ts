import { nowMs } from '../clock.ts';
import { chooseSlot } from './prefix-cache.ts';

/** One inference's hold on a slot. */
export interface SlotLease {
  readonly slot: number;
  /** When both the call was ready and the slot free: the wake-up of a waiting call is not paid by its answer. */
  readonly startedAtMs: number;
  /** The slot did not remember the image. */
  readonly encoded: boolean;
  /** The prompt has been computed: from now on the slot remembers the image. */
  readonly remember: () => void;
  /** Once. */
  readonly release: () => void;
}

interface Slot {
  readonly index: number;
  prefix: string | undefined;
  lastUse: number;
  freeSinceMs: number;
  isBusy: boolean;
}

interface Claim {
  /** Digest of the prompt up to and including the image; undefined without one. */
  readonly prefix: string | undefined;
  readonly readyAtMs: number;
  readonly signal: AbortSignal;
}

/** The semaphore in front of the model: first come, first served. */
export class Slots {
  readonly #slots: Slot[];
  readonly #waiting: { claim: Claim; grant: (lease: SlotLease) => void }[] = [];
  #uses = 0;

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, (_, index) => {
      return { index, prefix: undefined, lastUse: 0, freeSinceMs: 0, isBusy: false };
    });
  }

  get freeCount(): number {
    return this.#slots.filter((slot) => !slot.isBusy).length;
  }

  /** Resolves with a slot as soon as it is this call's turn. Throws the signal's reason when it aborts first. */
  async acquire(claim: Claim): Promise<SlotLease> {
    claim.signal.throwIfAborted();
    const free = chooseSlot(
      this.#slots.filter((slot) => !slot.isBusy),
      claim.prefix,
    );
    if (free) return this.#lease(free, claim);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(claim.signal.reason as Error);
      };
      const entry = {
        claim,
        grant: (lease: SlotLease) => {
          claim.signal.removeEventListener('abort', leave);
          resolve(lease);
        },
      };
      this.#waiting.push(entry);
      claim.signal.addEventListener('abort', leave, { once: true });
    });
  }

  #lease(slot: Slot, { prefix, readyAtMs }: Claim): SlotLease {
    const encoded = prefix !== undefined && slot.prefix !== prefix;
    slot.isBusy = true;
    slot.lastUse = ++this.#uses;
    if (slot.prefix !== prefix) slot.prefix = undefined;
    return {
      slot: slot.index,
      startedAtMs: Math.max(readyAtMs, slot.freeSinceMs),
      encoded,
      remember: () => void (slot.prefix = prefix),
      release: () => this.#free(slot),
    };
  }

  #free(slot: Slot): void {
    slot.isBusy = false;
    slot.freeSinceMs = nowMs();
    const next = this.#waiting.shift();
    if (next) next.grant(this.#lease(slot, next.claim));
  }
}
