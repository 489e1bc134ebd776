import { Client, Connection } from '@temporalio/client';
import type { TemporalTarget } from '../config/temporal.ts';

/** A client of Temporal for the CLI and the API. */
export interface TemporalClient {
  readonly client: Client;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Temporal does not answer: exit code 4 of the CLI, 503 of the API. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  readonly address: string;
  constructor(address: string, cause: unknown) {
    super(`Temporal does not answer at ${address}`, { cause });
    this.address = address;
  }
}

const connectTimeoutMs = 5_000;

/** @throws {TemporalUnreachableError} */
export async function connectTemporal({
  connectionOptions,
  namespace,
  address,
}: TemporalTarget): Promise<TemporalClient> {
  const { tls, apiKey, metadata } = connectionOptions;
  const connection = await Connection.connect({
    address,
    connectTimeout: connectTimeoutMs,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  }).catch((error: unknown) => {
    throw new TemporalUnreachableError(address, error);
  });
  return { client: new Client({ connection, namespace }), namespace, close: () => connection.close() };
}
