import { describe, expect, test } from 'vitest';
import { HttpFailure } from '../../../activities/shared/http.ts';
import { classify, isIncompleteStream, ofStatus } from '../../../activities/vision/ollama-errors.ts';
import { unwrap } from '../../../activities/vision/server-errors.ts';
import { VisionError } from '../../../activities/vision/provider.ts';

const nested = (error: object) => JSON.stringify({ error: JSON.stringify({ error }) });
const contextExceeded = nested({
  code: 400,
  message: 'request (9000 tokens) exceeds the available context size (8192 tokens)',
  type: 'exceed_context_size_error',
});

describe('an error status', () => {
  test.each<[number, string, object]>([
    [400, contextExceeded, { kind: 'context-exceeded', scope: 'analysis' }],
    [400, nested({ message: 'Failed to load image or audio file' }), { kind: 'bad-image', scope: 'analysis' }],
    [400, '{"error": "unable to decode image"}', { kind: 'bad-image', scope: 'analysis' }],
    [400, '{"error": "\\"a\\" does not support chat"}', { kind: 'not-supported', scope: 'analysis' }],
    [
      400,
      nested({ message: 'failed to process image: CUDA error: out of memory' }),
      { kind: 'runner-died', scope: 'attempt' },
    ],
    [400, '{"error": "unable to allocate CUDA0 buffer"}', { kind: 'runner-died', scope: 'attempt' }],
    [
      500,
      '{"error": "model requires more system memory (5.5 GiB) than is available (2.1 GiB)"}',
      { kind: 'runner-died', scope: 'attempt' },
    ],
    [403, '', { kind: 'protocol', scope: 'host' }],
    [404, '{"error": "model \'a\' not found"}', { kind: 'model-missing', scope: 'analysis' }],
    [404, '404 page not found', { kind: 'protocol', scope: 'host' }],
    [
      500,
      nested({ message: 'image input is not supported - hint: mmproj' }),
      { kind: 'not-supported', scope: 'analysis' },
    ],
    [429, 'slow down', { kind: 'overloaded', scope: 'attempt' }],
    [503, '{"error": "server busy, please try again"}', { kind: 'overloaded', scope: 'attempt' }],
    [400, '{"error": "failed to process image: ErrorOutOfHostMemory"}', { kind: 'runner-died', scope: 'attempt' }],
    [
      500,
      '{"error": "vk::Queue::submit: ErrorOutOfDeviceMemory while the image was encoded"}',
      { kind: 'runner-died', scope: 'attempt' },
    ],
    [400, '{"error": "unable to load image: std::bad_alloc"}', { kind: 'runner-died', scope: 'attempt' }],
    [500, '{"error": "failed to decode image: cudaMalloc failed"}', { kind: 'runner-died', scope: 'attempt' }],
    [400, '{"error": "MTLBuffer allocation failed for the image"}', { kind: 'runner-died', scope: 'attempt' }],
    [500, '{"error": "could not process image: signal: killed"}', { kind: 'runner-died', scope: 'attempt' }],
    [400, '{"error": "failed to process image: no KV slot available"}', { kind: 'runner-died', scope: 'attempt' }],
    [
      500,
      '{"error": "server busy, please try again.  maximum pending requests exceeded"}',
      { kind: 'overloaded', scope: 'attempt' },
    ],
    [529, 'overloaded', { kind: 'overloaded', scope: 'attempt' }],
    [405, 'method not allowed', { kind: 'protocol', scope: 'host' }],
    [408, '', { kind: 'timeout', scope: 'attempt' }],
    [418, '', { kind: 'not-supported', scope: 'analysis' }],
    [409, '', { kind: 'runner-died', scope: 'attempt' }],
    [499, '', { kind: 'runner-died', scope: 'attempt' }],
    [500, '{"error": "model runner has unexpectedly stopped"}', { kind: 'runner-died', scope: 'attempt' }],
    [502, '<html>Bad gateway</html>', { kind: 'runner-died', scope: 'attempt' }],
  ])('%i with the body %s', (status, body, expected) => {
    expect(ofStatus({ status, body, retryAfter: undefined }, 'a')).toMatchObject({
      name: 'VisionError',
      status,
      ...expected,
    });
  });

  test.each([
    [
      contextExceeded,
      'exceed_context_size_error: request (9000 tokens) exceeds the available context size (8192 tokens)',
    ],
    ['{"error": "busy"}', 'busy'],
    [JSON.stringify({ error: { message: 'inner' } }), 'inner'],
    ['{"object": "error", "message": "flat", "type": "BadRequestError"}', 'BadRequestError: flat'],
    ['{"detail": "Not Found"}', 'Not Found'],
    ['{"other": "words"}', '{"other": "words"}'],
    ['not { JSON', 'not { JSON'],
    ['null', 'null'],
    ['', ''],
  ])('%s is unwrapped to %s', (body, message) => expect(unwrap(body)).toBe(message));

  test('brings at most 500 characters of the body', () => {
    const failure = ofStatus({ status: 500, body: 'x'.repeat(10_000), retryAfter: undefined }, 'a');
    expect(failure.message).toHaveLength(500);
  });

  test('without a word says at least the status', () => {
    expect(ofStatus({ status: 502, body: '', retryAfter: undefined }, 'a').message).toBe('the server answered 502');
  });

  test.each([
    ['2', 2_000],
    ['1.5', 1_500],
    ['0', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('with Retry-After %j waits %j ms', (header, retryAfterMs) => {
    expect(ofStatus({ status: 503, body: '', retryAfter: header }, 'a').retryAfterMs).toBe(retryAfterMs);
  });
});

describe('what the client throws', () => {
  test.each<[string, unknown, object]>([
    [
      'no connection',
      new HttpFailure('connect', 'no connection: ECONNREFUSED', false),
      { kind: 'network', scope: 'host', message: 'no connection: ECONNREFUSED' },
    ],
    [
      'a connection that broke',
      new HttpFailure('broken', 'the connection broke: UND_ERR_SOCKET', true),
      { kind: 'network', scope: 'attempt', message: 'the connection broke: UND_ERR_SOCKET' },
    ],
    [
      'an error in the stream',
      new Error('{"error":{"message":"out of memory"}}'),
      { kind: 'runner-died', message: 'out of memory' },
    ],
    [
      'a mishap while the image was encoded',
      new Error('{"error":{"message":"failed to process image: CUDA error: out of memory"}}'),
      { kind: 'runner-died', scope: 'attempt' },
    ],
    ['no error at all', 'a text', { kind: 'protocol', scope: 'attempt', message: 'a text' }],
  ])('%s', (_, thrown, expected) => {
    const error = classify(thrown);
    expect(error).toBeInstanceOf(VisionError);
    expect(error).toMatchObject(expected);
    expect(error.cause).toBe(thrown);
  });

  test('keeps an error that is classified already', () => {
    const known = new VisionError('busy', { kind: 'overloaded', scope: 'attempt' });
    expect(classify(known)).toBe(known);
  });

  test('tells an incomplete stream from other errors', () => {
    expect(isIncompleteStream(new Error('Did not receive done or success response in stream.'))).toBe(true);
    expect(isIncompleteStream(new Error('something else'))).toBe(false);
    expect(isIncompleteStream('Did not receive done')).toBe(false);
  });
});
