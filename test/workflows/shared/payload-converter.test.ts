import type { Payload } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { payloadConverter } from '../../../workflows/shared/payload-converter.ts';

const payload = (encoding: string, data: string): Payload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

describe('the payload converter of workflows', () => {
  test.each([{ reason: 'x' }, 'text', 7, null, [1, 2], true])('carries %j there and back', (value) => {
    expect(payloadConverter.fromPayload(payloadConverter.toPayload(value))).toEqual(value);
  });

  test.each([
    ['broken JSON', payload('json/plain', '{"reason": ')],
    ['an encoding that nobody knows', payload('binary/encrypted', 'secret')],
    ['no metadata', { data: Buffer.from('x') }],
    ['no data', { metadata: { encoding: Buffer.from('json/plain') } }],
    ['a protobuf without its type', payload('json/protobuf', '{}')],
    ['nothing at all', {}],
  ])('makes a marker of %s', (_, broken) => {
    const value = payloadConverter.fromPayload<{ gf25Undecodable: string }>(broken);
    expect(value).toEqual({ gf25Undecodable: expect.stringMatching(/./) as string });
    expect(value.gf25Undecodable.length).toBeLessThanOrEqual(200);
  });
});
