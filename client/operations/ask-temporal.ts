import { type Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { TemporalUnreachableError } from '../../config/temporal.ts';
import type { TemporalClient } from '../temporal.ts';
import { NamespaceMissingError, TemporalRefusedError } from './errors.ts';

/** What every operation works with. */
export type Temporal = Pick<TemporalClient, 'client' | 'namespace'>;

/** Without a deadline a call to a server that is gone is repeated for half a minute. */
const answerWithinMs = 10_000;

/** The gRPC codes that mean something to an operator. */
export const grpcCodes = {
  /** What a deadline looks like when the server notices it first. */
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/**
 * Calls Temporal with a deadline. Errors that an operation knows by their class pass through.
 *
 * @throws {TemporalUnreachableError} no answer in time
 * @throws {NotFoundError} no such namespace
 * @throws {RefusedError} not allowed, or not understood
 */
export async function askTemporal<T>(
  temporal: Temporal,
  work: () => Promise<T>,
  { withinMs = answerWithinMs } = {},
): Promise<T> {
  try {
    return await temporal.client.withDeadline(Date.now() + withinMs, work);
  } catch (error) {
    throw inOurWords(error, temporal);
  }
}

/** Errors of Temporal that any call can meet; all others come back as they are. */
export function inOurWords(error: unknown, { client, namespace }: Temporal): unknown {
  if (error instanceof NamespaceNotFoundError)
    return new NamespaceMissingError(
      `Temporal has no namespace "${namespace}"`,
      `Set TEMPORAL_NAMESPACE, or create it: temporal operator namespace create -n ${namespace}`,
    );
  const grpc = grpcErrorOf(error);
  switch (grpc?.code) {
    case grpcCodes.UNAVAILABLE:
    case grpcCodes.DEADLINE_EXCEEDED:
    case grpcCodes.CANCELLED:
      return new TemporalUnreachableError(addressOf(client), error);
    case grpcCodes.PERMISSION_DENIED:
    case grpcCodes.UNAUTHENTICATED:
      return new TemporalRefusedError(
        `Temporal refuses access: ${grpc.details}`,
        'Check TEMPORAL_API_KEY or TEMPORAL_TLS_*.',
      );
    case grpcCodes.INVALID_ARGUMENT:
      return new TemporalRefusedError(
        `Temporal does not understand: ${grpc.details}`,
        'Where it names a search attribute: any worker registers what is missing at its start. Else check what was given.',
      );
    default:
      return error;
  }
}

/** The answer of the server in an error, or in what caused it. */
export function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string } | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (isGrpcServiceError(at)) return at;
  return undefined;
}

const addressOf = ({ connection }: Client): string =>
  connection instanceof Connection ? connection.options.address : 'its address';
