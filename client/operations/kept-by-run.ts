import type { Temporal } from './ask-temporal.ts';

/**
 * What never changes of a run is read once: whoever lists and looks again and again asks for it only the first time. The
 * oldest goes when there are too many.
 */
export class KeptByRun<T> {
  /** Each client has its own: run ids are those of one namespace. */
  private readonly byClient = new WeakMap<Temporal['client'], Map<string, T>>();
  private readonly most: number;

  /** @param most for each client */
  constructor(most: number) {
    this.most = most;
  }

  async get({ client }: Temporal, runId: string, read: () => Promise<T>): Promise<T> {
    const kept = this.byClient.get(client) ?? new Map<string, T>();
    this.byClient.set(client, kept);
    const known = kept.get(runId);
    if (known !== undefined) return known;
    const value = await read();
    kept.set(runId, value);
    const [oldest] = kept.keys();
    if (kept.size > this.most && oldest !== undefined) kept.delete(oldest);
    return value;
  }
}
