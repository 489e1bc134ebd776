import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { currentCorrelationId } from '../config/correlation.ts';
import { type TemporalTarget, TemporalUnreachableError } from '../config/temporal.ts';
import { withCorrelationHeader } from '../workflows/shared/correlation.ts';
import { retryUntilClosed } from './retry-until-closed.ts';

/** A client of Temporal for the CLI and the API. */
export interface TemporalClient {
  readonly client: Client;
  readonly namespace: string;
  /** Calls that still go on fail. */
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;

/** What a request starts goes on under the id of the request. */
const correlate: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next(withCorrelationHeader(input, currentCorrelationId())),
};

/** @throws {TemporalUnreachableError} */
export async function connectTemporal({
  connectionOptions,
  namespace,
  address,
}: TemporalTarget): Promise<TemporalClient> {
  const { tls, apiKey, metadata } = connectionOptions;
  const retries = retryUntilClosed();
  const connection = await Connection.connect({
    address,
    interceptors: retries.interceptors,
    connectTimeout: connectTimeoutMs,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  }).catch((error: unknown) => {
    throw new TemporalUnreachableError(address, error);
  });
  const client = new Client({ connection, namespace, interceptors: { workflow: [correlate] } });
  return {
    client,
    namespace,
    close: async () => {
      retries.close();
      await connection.close();
    },
  };
}
