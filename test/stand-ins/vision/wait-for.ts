import type { CallBook, CallRecord } from './records.ts';

/** Resolves with the calls as soon as they satisfy the predicate; looks whenever a call changes. */
export async function waitForCalls(
  book: CallBook,
  predicate: (calls: readonly CallRecord[]) => boolean,
  timeoutMs: number,
): Promise<readonly CallRecord[]> {
  let stop: () => void = () => undefined;
  return new Promise<readonly CallRecord[]>((resolve, reject) => {
    const look = (): void => {
      const calls = book.records();
      try {
        if (predicate(calls)) resolve(calls);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const giveUp = (): void => reject(new Error(`not seen within ${timeoutMs} ms; ${tell(book.records())}`));
    const timer = setTimeout(giveUp, timeoutMs);
    const unsubscribe = book.subscribe(look);
    stop = () => {
      clearTimeout(timer);
      unsubscribe();
    };
    look();
  }).finally(() => stop());
}

function tell(calls: readonly CallRecord[]): string {
  const states = calls.map(
    ({ id, outcome, startedAtMs }) => `${id} ${outcome ?? (startedAtMs ? 'running' : 'waiting')}`,
  );
  return `${calls.length} calls: ${states.join(', ')}`;
}
