import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * The retries that a client of Temporal makes by default, until the connection is closed: one that was due later would
 * otherwise throw from a timer, where nobody can catch it, and end the process. Such a call fails as cancelled.
 */
export function retryUntilClosed(): { interceptors: Interceptor[]; close(): void } {
  let isClosed = false;
  const refuseOnceClosed: Interceptor = (options, nextCall) =>
    new InterceptingCall(isClosed ? cancelledCall : nextCall(options));
  return {
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), refuseOnceClosed],
    close: () => void (isClosed = true),
  };
}

/** Goes nowhere: whoever starts it hears at once that it was cancelled. */
const cancelledCall: ConstructorParameters<typeof InterceptingCall>[0] = {
  start: (_, listener) =>
    listener?.onReceiveStatus?.({
      code: status.CANCELLED,
      details: 'the connection is closed',
      metadata: new Metadata(),
    }),
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => 'nobody',
  getAuthContext: () => null,
};
