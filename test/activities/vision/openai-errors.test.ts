import { describe, expect, test } from 'vitest';
import { HttpFailure } from '../../../activities/shared/http.ts';
import { classify, ofStatus } from '../../../activities/vision/openai-errors.ts';
import { VisionError } from '../../../activities/vision/provider.ts';

const error = (message: string) => JSON.stringify({ error: { message, code: null } });

describe('an error status', () => {
  test.each<[number, string, object]>([
    [
      400,
      error("This model's maximum context length is 8192 tokens."),
      { kind: 'context-exceeded', scope: 'analysis' },
    ],
    [400, error('The input (9000 tokens) is longer than the model'), { kind: 'context-exceeded', scope: 'analysis' }],
    [400, error('facebook/opt-125m is not a multimodal model'), { kind: 'not-supported', scope: 'analysis' }],
    [400, error('cannot identify image file <_io.BytesIO object>'), { kind: 'bad-image', scope: 'analysis' }],
    [400, error('Failed to load image or audio file'), { kind: 'bad-image', scope: 'analysis' }],
    [400, error('failed to parse grammar'), { kind: 'not-supported', scope: 'analysis' }],
    [400, error('CUDA out of memory. Tried to allocate 2.00 GiB'), { kind: 'runner-died', scope: 'attempt' }],
    [400, error('torch.OutOfMemoryError while the image was processed'), { kind: 'runner-died', scope: 'attempt' }],
    [422, error('failed to allocate buffer of size 1073741824'), { kind: 'runner-died', scope: 'attempt' }],
    [400, error('not enough memory to process the image'), { kind: 'runner-died', scope: 'attempt' }],
    [400, error('Unterminated string starting at: line 1'), { kind: 'not-supported', scope: 'analysis' }],
    [400, error('chat_template is not supported for Mistral tokenizers.'), { kind: 'protocol', scope: 'host' }],
    [422, error('Extra inputs are not permitted: chat_template_kwargs'), { kind: 'protocol', scope: 'host' }],
    [400, error('the chat template of this model has no role "tool"'), { kind: 'not-supported', scope: 'analysis' }],
    [415, '', { kind: 'not-supported', scope: 'analysis' }],
    [529, error('Overloaded'), { kind: 'overloaded', scope: 'attempt' }],
    [413, '', { kind: 'not-supported', scope: 'analysis' }],
    [422, '{"detail": "field required"}', { kind: 'not-supported', scope: 'analysis' }],
    [401, '', { kind: 'protocol', scope: 'host' }],
    [403, '', { kind: 'protocol', scope: 'host' }],
    [404, error('The model `a` does not exist.'), { kind: 'model-missing', scope: 'analysis' }],
    [404, '{"detail": "Not Found"}', { kind: 'protocol', scope: 'host' }],
    [408, '', { kind: 'timeout', scope: 'attempt' }],
    [429, error('slow down'), { kind: 'overloaded', scope: 'attempt' }],
    [500, error('EngineCore encountered an issue'), { kind: 'runner-died', scope: 'attempt' }],
    [500, error('image input is not supported - hint: mmproj'), { kind: 'not-supported', scope: 'analysis' }],
    [502, '<html>Bad gateway</html>', { kind: 'runner-died', scope: 'attempt' }],
    [503, error('Loading model'), { kind: 'overloaded', scope: 'attempt' }],
    [504, '', { kind: 'timeout', scope: 'attempt' }],
    [301, '', { kind: 'protocol', scope: 'host' }],
  ])('%i with the body %s', (status, body, expected) => {
    const failure = ofStatus({ status, body, retryAfter: undefined }, 'a');
    expect(failure).toMatchObject({ name: 'VisionError', status, ...expected });
    expect(failure.message).not.toBe('');
  });

  test('names the setting of what a server does not take', () => {
    const body = error('Unrecognized request argument supplied: chat_template_kwargs');
    expect(ofStatus({ status: 400, body, retryAfter: undefined }, 'a').message).toContain(
      'set vision.chatTemplate to null',
    );
  });

  test('says how long to wait', () => {
    expect(ofStatus({ status: 429, body: '', retryAfter: '2' }, 'a').retryAfterMs).toBe(2_000);
  });
});

describe('what the way to the server throws', () => {
  test.each<[unknown, object]>([
    [new HttpFailure('connect', 'no connection: ECONNREFUSED', false), { kind: 'network', scope: 'host' }],
    [new HttpFailure('broken', 'the connection broke', true), { kind: 'network', scope: 'attempt' }],
    [new HttpFailure('timeout', 'no whole answer after 5 ms', true), { kind: 'timeout', scope: 'attempt' }],
    [new HttpFailure('cancelled', 'the call was cancelled', true), { kind: 'cancelled', scope: 'attempt' }],
    [new Error('the body has no place for the image'), { kind: 'protocol', scope: 'attempt' }],
    ['a text', { kind: 'protocol', message: 'a text' }],
  ])('%s', (thrown, expected) => expect(classify(thrown)).toMatchObject({ name: 'VisionError', ...expected }));

  test('is kept when it is classified already', () => {
    const known = new VisionError('busy', { kind: 'overloaded', scope: 'attempt' });
    expect(classify(known)).toBe(known);
  });
});
