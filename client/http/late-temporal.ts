import { setTimeout as delay } from 'node:timers/promises';
import type { TemporalTarget } from '../../config/temporal.ts';
import { checkTemporal } from '../operations/check-temporal.ts';
import { connectTemporal, type TemporalClient } from '../temporal.ts';

/** Whoever asks about health has little patience. */
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
  return {
    /** Rejects while Temporal does not answer. */
    async check(): Promise<void> {
      const patience = new AbortController();
      const tooLate = delay(waitAtMostMs, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`no connection to ${target.address} within ${waitAtMostMs} ms`);
      });
      try {
        await checkTemporal(await Promise.race([connected(), tooLate]));
      } finally {
        patience.abort();
      }
    },
    async close(): Promise<void> {
      const temporal = await connecting?.catch(() => undefined);
      await temporal?.close();
    },
  };
}
