import { DefaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** Stands in for a payload that could not be decoded. */
export interface Undecodable {
  readonly gf25Undecodable: string;
}

/**
 * The default converter, except that a payload which cannot be decoded becomes a marker instead of an exception.
 * Workflow code would otherwise fail its task again and again because of one bad signal, until somebody resets it.
 * The marker matches no schema, so it is refused where every other wrong argument is refused.
 */
class ForgivingPayloadConverter extends DefaultPayloadConverter implements PayloadConverter {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature is the SDK's
  override fromPayload<T>(...args: Parameters<PayloadConverter['fromPayload']>): T {
    try {
      return super.fromPayload<T>(...(args as [Payload]));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { gf25Undecodable: reason.slice(0, 200) } satisfies Undecodable as T;
    }
  }
}

export const payloadConverter = new ForgivingPayloadConverter();
