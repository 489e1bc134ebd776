import { performance } from 'node:perf_hooks';
import type { Failure } from '../../shared/failure.ts';

const lookAgainMs = 20;
/** How many turns the usual time of a turn goes back. */
const turnsRemembered = 8;

/**
 * The lanes of a host: so many inferences run at once, and never more. Each image keeps one lane as long as it has work,
 * and a further one only when no image waits for its first, so that the server's prefix cache pays an image about once,
 * while no lane stands idle as long as anybody waits.
 */
export class Lanes {
  readonly total: number;
  private readonly running = new Map<string, number>();
  private readonly waiting: Waiting[] = [];
  private busyCount = 0;
  private closedBecause: Failure | undefined;
  private readonly options: LanesOptions;
  private lookingAgain: NodeJS.Timeout | undefined;
  private turnMs: number | undefined;

  constructor(total: number, options: LanesOptions = {}) {
    this.total = total;
    this.options = options;
  }

  get busy(): number {
    return this.busyCount;
  }

  /** How long a lane is taken by one turn, as a moving average; undefined before the first has ended. */
  get usualTurnMs(): number | undefined {
    return this.turnMs;
  }

  /** Lanes that nobody uses or waits for. */
  get spare(): number {
    return Math.max(0, this.total - this.busyCount - this.waiting.length);
  }

  /** How many work for this image now. */
  runningOf(key: string): number {
    return this.running.get(key) ?? 0;
  }

  /** Whether nothing of this image runs or waits here. */
  isIdle(key: string): boolean {
    return this.runningOf(key) === 0 && !this.waiting.some(({ image }) => image.key === key);
  }

  /**
   * Waits for a lane and runs the work on it.
   *
   * @throws the signal's reason when it is aborted while waiting, the closing reason once the lanes are closed
   */
  async run<T>(turn: Turn, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(turn, signal);
    const startedAt = performance.now();
    try {
      const done = await work();
      const tookMs = performance.now() - startedAt;
      this.turnMs ??= tookMs;
      this.turnMs += (tookMs - this.turnMs) / turnsRemembered;
      return done;
    } finally {
      this.leave(turn.image.key);
    }
  }

  /** What waits fails with this; what runs goes on. */
  evict(because: Failure): void {
    for (const { reject } of this.waiting.splice(0)) reject(because);
  }

  /** As `evict`, for one image, and without what goes on with an answer that was begun. */
  evictNew(key: string, because: Failure): void {
    for (const { image, isNext, reject } of [...this.waiting]) if (image.key === key && !isNext) reject(because);
  }

  /** As `evict`, and nothing new is let in. */
  close(because: Failure): void {
    this.closedBecause = because;
    this.evict(because);
  }

  private enter(turn: Turn, signal: AbortSignal): Promise<void> {
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
        image: turn.image,
        isNext: turn.isNext ?? false,
        admit: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
        reject: giveUp,
      };
      if (turn.isNext) this.waiting.unshift(entry);
      else this.waiting.push(entry);
      signal.addEventListener('abort', abort, { once: true });
      this.fill();
    });
  }

  private leave(key: string): void {
    this.busyCount -= 1;
    const left = this.runningOf(key) - 1;
    if (left > 0) this.running.set(key, left);
    else this.running.delete(key);
    this.fill(key);
    this.options.onChange?.();
  }

  /** @param last the image whose prefix the free lane holds */
  private fill(last?: string): void {
    while (this.busyCount < this.total) {
      const next = this.nextWaiting(last);
      if (next === undefined) return;
      const isFurther = this.runningOf(next.image.key) > 0;
      if (isFurther && this.total - this.busyCount <= (this.options.kept?.() ?? 0)) {
        this.lookAgain();
        return;
      }
      this.waiting.splice(this.waiting.indexOf(next), 1);
      const { key } = next.image;
      this.running.set(key, this.runningOf(key) + 1);
      this.busyCount += 1;
      next.admit();
      this.options.onChange?.();
    }
  }

  private lookAgain(): void {
    this.lookingAgain ??= setTimeout(() => {
      this.lookingAgain = undefined;
      this.fill();
    }, lookAgainMs);
  }

  private nextWaiting(last: string | undefined): Waiting | undefined {
    return this.waiting.reduce<Waiting | undefined>((best, entry) => {
      return best === undefined || this.isBefore(entry.image, best.image, last) ? entry : best;
    }, undefined);
  }

  /** First the lane's own image unless it has another lane, then one that has none, its own again, the one with most to do. */
  private isBefore(a: ImageTurn, b: ImageTurn, last: string | undefined): boolean {
    if (a.key === b.key) return false;
    const rank = ({ key }: ImageTurn) => (this.runningOf(key) > 0 ? 2 : 0) - (key === last ? 1 : 0);
    if (rank(a) !== rank(b)) return rank(a) < rank(b);
    const toDo = ({ key, toDo }: ImageTurn) => toDo / this.runningOf(key);
    return rank(a) === 2 && toDo(a) !== toDo(b) ? toDo(a) > toDo(b) : a.order < b.order;
  }
}

export interface LanesOptions {
  /** Called whenever a lane becomes busy or free. */
  readonly onChange?: () => void;
  /** So many free lanes are kept for images that come in a moment: none of them becomes another image's second. */
  readonly kept?: () => number;
}

/** Whose turn it is. All work of one image counts together. */
export interface ImageTurn {
  readonly key: string;
  /** When the image came to this host. */
  readonly order: number;
  /** Its analyses that have no answer yet, on this host or on their way to it. */
  readonly toDo: number;
}

export interface Turn {
  readonly image: ImageTurn;
  /** Before what else waits for the same image. */
  readonly isNext?: boolean;
}

interface Waiting {
  readonly image: ImageTurn;
  readonly isNext: boolean;
  readonly admit: () => void;
  readonly reject: (why: Error) => void;
}
