import type { Failure } from '../../shared/failure.ts';

/**
 * The lanes of a host: so many inferences run at once, and never more. A free lane goes to the image with the fewest
 * running, then to the one that came first, so that each image keeps about one lane and the server's prefix cache pays
 * it once, while no lane stands idle as long as anybody waits.
 */
export class Lanes {
  readonly total: number;
  private readonly running = new Map<string, number>();
  private readonly waiting: Waiting[] = [];
  private busyCount = 0;
  private closedBecause: Failure | undefined;
  private readonly onChange: () => void;

  /** @param onChange called whenever a lane becomes busy or free */
  constructor(total: number, onChange: () => void = () => undefined) {
    this.total = total;
    this.onChange = onChange;
  }

  get busy(): number {
    return this.busyCount;
  }

  /** Lanes that nobody uses or waits for. */
  get spare(): number {
    return Math.max(0, this.total - this.busyCount - this.waiting.length);
  }

  /**
   * Waits for a lane and runs the work on it.
   *
   * @param image whose turn it is: all work of one key counts together, the lower order goes first
   * @throws the signal's reason when it is aborted while waiting, the closing reason once the lanes are closed
   */
  async run<T>(image: ImageTurn, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(image, signal);
    try {
      return await work();
    } finally {
      this.leave(image.key);
    }
  }

  /** What waits fails with this; what runs goes on. */
  evict(because: Failure): void {
    for (const { reject } of this.waiting.splice(0)) reject(because);
  }

  /** As `evict`, and nothing new is let in. */
  close(because: Failure): void {
    this.closedBecause = because;
    this.evict(because);
  }

  private enter(image: ImageTurn, signal: AbortSignal): Promise<void> {
    const refused = this.closedBecause ?? (signal.aborted ? (signal.reason as Error) : undefined);
    if (refused) return Promise.reject(refused);
    return new Promise<void>((resolve, reject) => {
      const giveUp = (why: Error) => {
        const index = this.waiting.indexOf(entry);
        if (index >= 0) this.waiting.splice(index, 1);
        signal.removeEventListener('abort', abort);
        reject(why);
      };
      const abort = () => giveUp(signal.reason as Error);
      const entry: Waiting = {
        image,
        admit: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
        reject: giveUp,
      };
      this.waiting.push(entry);
      signal.addEventListener('abort', abort, { once: true });
      this.fill();
    });
  }

  private leave(key: string): void {
    this.busyCount -= 1;
    const left = (this.running.get(key) ?? 1) - 1;
    if (left > 0) this.running.set(key, left);
    else this.running.delete(key);
    this.fill();
    this.onChange();
  }

  private fill(): void {
    while (this.busyCount < this.total) {
      const next = this.nextWaiting();
      if (next === undefined) return;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      const { key } = next.image;
      this.running.set(key, (this.running.get(key) ?? 0) + 1);
      this.busyCount += 1;
      next.admit();
      this.onChange();
    }
  }

  private nextWaiting(): Waiting | undefined {
    const runningOf = ({ image }: Waiting) => this.running.get(image.key) ?? 0;
    return this.waiting.reduce<Waiting | undefined>((best, entry) => {
      if (best === undefined) return entry;
      const difference = runningOf(entry) - runningOf(best) || entry.image.order - best.image.order;
      return difference < 0 ? entry : best;
    }, undefined);
  }
}

export interface ImageTurn {
  readonly key: string;
  /** When the image came to this host. */
  readonly order: number;
}

interface Waiting {
  readonly image: ImageTurn;
  readonly admit: () => void;
  readonly reject: (why: Error) => void;
}
