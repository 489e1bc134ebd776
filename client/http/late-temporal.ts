import { setTimeout as delay } from 'node:timers/promises';
import { type TemporalTarget, TemporalUnreachableError } from '../../config/temporal.ts';
import { checkTemporal } from '../operations/check-temporal.ts';
import { connectTemporal, type TemporalClient } from '../temporal.ts';

/** Whoever asks an API has little patience. */
const waitAtMostMs = 2_000;

/** The API starts before Temporal does: a connection is made when first needed, and again after a failure. */
export function createLateTemporal(target: TemporalTarget) {
  let connecting: Promise<TemporalClient> | undefined;
  const connected = () => {
    connecting ??= connectTemporal(target).catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };
  /** @throws {TemporalUnreachableError} while Temporal does not answer */
  const get = async (): Promise<TemporalClient> => {
    const patience = new AbortController();
    const tooLate = delay(waitAtMostMs, undefined, { signal: patience.signal }).then(() => {
      throw new TemporalUnreachableError(target.address, new Error(`no connection within ${waitAtMostMs} ms`));
    });
    tooLate.catch(() => undefined);
    try {
      return await Promise.race([connected(), tooLate]);
    } finally {
      patience.abort();
    }
  };
  return {
    get,
    /** Rejects while Temporal does not answer. */
    check: async (): Promise<void> => checkTemporal(await get()),
    async close(): Promise<void> {
      const temporal = await connecting?.catch(() => undefined);
      await temporal?.close();
    },
  };
}
