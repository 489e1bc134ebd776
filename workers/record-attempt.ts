import { type Client, isGrpcServiceError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RecordAttempt } from '../activities/shared/attempt.ts';

const notFound = 5;

/** A heartbeat that is known to have reached the server when it returns. */
export function createRecordAttempt(client: Client, namespace: string): RecordAttempt {
  return async (taskToken, details) => {
    try {
      const payloads = [defaultPayloadConverter.toPayload(details)];
      await client.workflowService.recordActivityTaskHeartbeat({ namespace, taskToken, details: { payloads } });
      return 'recorded';
    } catch (error) {
      // the attempt has timed out, or its workflow is over
      if (isGrpcServiceError(error) && (error.code as number) === notFound) return 'stale';
      throw error;
    }
  };
}
