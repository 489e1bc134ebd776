import { defaultPayloadConverter, type Headers } from '@temporalio/common';

/** The header of Temporal that carries the id of a job from workflow to workflow and to the activities. */
const header = 'x-correlation-id';

/** It goes into logs and into a header of HTTP calls: nothing but a plain id is taken over. */
const acceptable = /^[\w.:-]{1,128}$/;

export const asCorrelationId = (value: unknown): string | undefined =>
  typeof value === 'string' && acceptable.test(value) ? value : undefined;

export function correlationIdIn(headers: Headers): string | undefined {
  const payload = headers[header];
  if (payload === undefined) return undefined;
  try {
    return asCorrelationId(defaultPayloadConverter.fromPayload(payload));
  } catch {
    // of another converter: whoever sent it does not speak with us
    return undefined;
  }
}

export const withCorrelationHeader = <I extends { readonly headers: Headers }>(input: I, id: string | undefined): I =>
  id === undefined
    ? input
    : { ...input, headers: { ...input.headers, [header]: defaultPayloadConverter.toPayload(id) } };
