/**
 * Runs work once for all who ask for the same key at the same time. Each asker may leave; the work is cancelled when the
 * last one has left. Failures are not remembered.
 */
export interface SingleFlight<T> {
  do(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    result.catch(() => undefined);
    const flight: Flight<T> = { result, controller, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };

  return {
    async do(key, signal, work) {
      signal.throwIfAborted();
      const known = flights.get(key);
      // whoever comes while a cancelled flight is still ending gets one of their own
      const flight = known && !known.controller.signal.aborted ? known : start(key, work);
      flight.waiters += 1;
      try {
        return await orAborted(flight.result, signal);
      } finally {
        flight.waiters -= 1;
        // for those who have the result this is no news
        if (flight.waiters === 0) flight.controller.abort();
      }
    },
  };
}

/** Settles with the promise, or rejects with the signal's reason as soon as it is aborted. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
