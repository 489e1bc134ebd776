import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { checkOf, jsonSchemaOf } from '../../../activities/vision/fields.ts';
import { failureOf } from '../../support/activity.ts';
import { definitionOf } from '../../support/plans.ts';
import { inferenceOf, listeningServer, openaiAt, openaiStandIn } from './inferences.ts';

const never = () => new AbortController().signal;
const events = (...data: readonly unknown[]) =>
  data.map((each) => `data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`).join('');
const piece = (content: string, more: object = {}) => ({
  choices: [{ delta: { content }, finish_reason: null }],
  ...more,
});
const end = (finish_reason: string) => ({ choices: [{ delta: {}, finish_reason }] });

/** A server that answers every call with this stream. */
const streaming = (text: string, type = 'text/event-stream') =>
  listeningServer((response) => response.writeHead(200, { 'content-type': type }).end(text));

describe('an inference', () => {
  test('brings the whole text, and what it took', async () => {
    const { provider } = await openaiStandIn({ latencyMs: 30 });
    const { fields } = definitionOf();
    const request = await inferenceOf({ schema: jsonSchemaOf(fields, 'pixels') });
    const inference = await provider.infer(request, never());
    expect(checkOf(fields, 'pixels').safeParse(JSON.parse(inference.text)).success).toBe(true);
    expect(inference).toMatchObject({ finish: 'stop', model: 'a-model', usage: { cachedTokens: 0 } });
    expect(inference.usage.outputTokens).toBeGreaterThan(0);
    expect(inference.timings.totalMs).toBeGreaterThanOrEqual(inference.timings.firstByteMs ?? Infinity);
    const again = await provider.infer({ ...request, turns: [{ role: 'user', text: 'And its colour?' }] }, never());
    expect(again.usage.cachedTokens).toBeGreaterThan(1_000);
  });

  test.each<[string, string, object]>([
    ['stops', events(piece('{'), piece('}'), end('stop'), '[DONE]'), { text: '{}', finish: 'stop' }],
    ['is cut at the limit', events(piece('{'), end('length'), '[DONE]'), { text: '{', finish: 'length' }],
    ['has no end mark', events(piece('{}'), end('stop')), { text: '{}', finish: 'incomplete' }],
    ['has no reason', events(piece('{'), '[DONE]'), { finish: 'incomplete' }],
    ['was filtered', events(piece('{'), end('content_filter'), '[DONE]'), { finish: 'incomplete' }],
    ['was aborted by the server', events(piece('{'), end('abort'), '[DONE]'), { finish: 'incomplete' }],
    [
      'has keep-alive comments',
      `: ping\n\n${events(piece('{}'), end('stop'), '[DONE]')}`,
      { text: '{}', finish: 'stop' },
    ],
    ['has other line ends', events(piece('{}'), end('stop'), '[DONE]').replaceAll('\n', '\r\n'), { text: '{}' }],
    [
      'comes as thoughts',
      events({ choices: [{ delta: { reasoning_content: '{"a": 1}' } }] }, end('stop'), '[DONE]'),
      { text: '{"a": 1}' },
    ],
    [
      'comes as thoughts after empty lines, as vLLM names them',
      events(piece('\n\n'), { choices: [{ delta: { reasoning: '{"a": 1}' } }] }, end('stop'), '[DONE]'),
      { text: '{"a": 1}' },
    ],
    ['is of another model', events(piece('{}', { model: 'other' }), end('stop'), '[DONE]'), { model: 'other' }],
    [
      'has times of llama.cpp',
      events(piece('{}'), { ...end('stop'), timings: { cache_n: 7, prompt_ms: 5, predicted_ms: 6 } }, '[DONE]'),
      { usage: { cachedTokens: 7 }, timings: { promptMs: 5, outputMs: 6 } },
    ],
  ])('that %s', async (_, text, expected) => {
    const { url } = await streaming(text);
    expect(await openaiAt(url).infer(await inferenceOf(), never())).toMatchObject(expected);
  });

  test('joins the pieces of a text, also where a character is cut', async () => {
    const text = '{"summary": "Größe 色 🙂"}';
    const { server, provider } = await openaiStandIn();
    server.script.add({ action: { kind: 'text', text } });
    expect((await provider.infer(await inferenceOf(), never())).text).toBe(text);
  });

  test.each<[string, string, object]>([
    [
      'an error of the engine',
      events(piece('{'), { error: { message: 'out of memory', type: 'server_error', code: 500 } }),
      { kind: 'runner-died', scope: 'attempt', message: 'server_error: out of memory' },
    ],
    [
      'an error that lasts',
      events({ error: { code: 400, message: 'the request exceeds the available context size', type: 'x' } }),
      { kind: 'context-exceeded', scope: 'analysis' },
    ],
    ['too much to do', events({ error: { code: 503, message: 'queue full' } }), { kind: 'overloaded' }],
    [
      'an error of old llama.cpp',
      'error: {"message": "died", "code": 500}\n\n',
      { kind: 'runner-died', message: 'died' },
    ],
    ['no JSON', events('{"choices": ['), { kind: 'protocol', scope: 'attempt' }],
    ['another shape', events({ choices: 'none' }), { kind: 'protocol' }],
  ])('fails with %s in its stream', async (_, text, expected) => {
    const { url } = await streaming(text);
    expect(await failureOf(openaiAt(url).infer(await inferenceOf(), never()))).toMatchObject(expected);
  });

  test('fails when the server does not stream', async () => {
    const { url } = await streaming('{"choices": []}', 'application/json');
    const failure = await failureOf(openaiAt(url).infer(await inferenceOf(), never()));
    expect(failure).toMatchObject({ kind: 'protocol', message: expect.stringContaining('application/json') as string });
  });

  test('leaves no listener on the signal', async () => {
    const { server, provider } = await openaiStandIn();
    server.script.add({ action: { kind: 'status', status: 500 } });
    const signal = never();
    await provider.infer(await inferenceOf(), signal).catch(() => undefined);
    await provider.infer(await inferenceOf(), signal);
    await provider.health(signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a call', () => {
  test.each(['', '/', '/v1', '/v1/', '/behind/a/proxy/v1'])(
    'says everything, at a base URL that ends in "%s"',
    async (path) => {
      const { url, heard } = await streaming(events(piece('{}'), end('stop'), '[DONE]'));
      const request = await inferenceOf({
        turns: [
          { role: 'user', text: 'What is it?' },
          { role: 'assistant', text: 'A thing' },
          { role: 'user', text: 'Your answer has these faults' },
        ],
      });
      await openaiAt(`${url}${path}`, { apiKey: 'a key' }).infer(request, never());
      expect(heard).toHaveLength(1);
      expect(heard[0]?.path).toBe(`${path.replace(/\/(v1\/?)?$/, '')}/v1/chat/completions`);
      expect(heard[0]?.headers['authorization']).toBe('Bearer a key');
      const url64 = `data:image/jpeg;base64,${request.image.bytes.toString('base64')}`;
      expect(heard[0]?.body).toEqual({
        model: 'a-model',
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: 'system', content: 'You look at images.' },
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: url64 } },
              { type: 'text', text: 'What is it?' },
            ],
          },
          { role: 'assistant', content: 'A thing' },
          { role: 'user', content: 'Your answer has these faults' },
        ],
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: request.schema } },
        temperature: 0.1,
        seed: 25,
        max_tokens: 1_500,
        chat_template_kwargs: { enable_thinking: false },
      });
    },
  );

  test('turns thinking off in the same words as every other call', async () => {
    const { url, heard } = await streaming(events(end('stop'), '[DONE]'));
    const provider = openaiAt(url, { chatTemplate: { enable_thinking: false, thinking: false } });
    const sampling = { temperature: 1, seed: 7, maxTokens: 3_000 };
    for (const request of [{}, { model: 'other', sampling }]) await provider.infer(await inferenceOf(request), never());
    const [first, second] = heard.map(({ body }) => (body as { chat_template_kwargs: unknown }).chat_template_kwargs);
    expect(first).toEqual({ enable_thinking: false, thinking: false });
    expect(second).toEqual(first);
  });

  test('leaves thinking to a server that takes no such words', async () => {
    const { url, heard } = await streaming(events(end('stop'), '[DONE]'));
    await openaiAt(url, { chatTemplate: null }).infer(await inferenceOf(), never());
    expect(heard[0]?.body).not.toHaveProperty('chat_template_kwargs');
  });

  test('without a key has no authorization', async () => {
    const { url, heard } = await streaming(events(end('stop'), '[DONE]'));
    await openaiAt(url).infer(await inferenceOf(), never());
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('a model', () => {
  const list = (body: unknown) => listeningServer((response) => response.end(JSON.stringify(body)));

  test('that is served comes with the version of the server', async () => {
    const { provider } = await openaiStandIn({ version: '0.11.2' });
    expect(await provider.checkModel('qwen2.5vl:7b', never())).toEqual({ serverVersion: 'vllm 0.11.2' });
  });

  test('that is not served: the message lists those that are', async () => {
    const { url } = await list({ data: [{ id: 'one' }, { id: 'two' }] });
    const failure = await failureOf(openaiAt(url).checkModel('three', never()));
    expect(failure).toMatchObject({ kind: 'model-missing', scope: 'analysis' });
    expect(failure.message).toMatch(/^the server does not serve 'three' but 'one', 'two': name one of these/);
  });

  test.each<[string, object, boolean]>([
    ['vLLM says nothing', { data: [{ id: 'm' }] }, true],
    ['LM Studio says vision', { data: [{ id: 'm', capabilities: ['vision'] }] }, true],
    ['llama.cpp says text', { data: [{ id: 'm' }], models: [{ capabilities: ['completion'] }] }, false],
    ['llama.cpp says images', { data: [{ id: 'm' }], models: [{ capabilities: ['completion', 'multimodal'] }] }, true],
    ['a router says text', { data: [{ id: 'm', architecture: { input_modalities: ['text'] } }] }, false],
    ['the words are of another shape', { data: [{ id: 'm', capabilities: { vision: true } }] }, true],
  ])('may see when %s', async (_, body, canSee) => {
    const { url } = await list(body);
    const looked = openaiAt(url).checkModel('m', never());
    if (canSee) expect(await looked).toEqual({});
    else expect(await failureOf(looked)).toMatchObject({ kind: 'not-supported', scope: 'analysis' });
  });

  test.each([['{"models": []}'], ['<html>']])('of a server that answers %s is not looked for', async (body) => {
    const { url } = await listeningServer((response) => response.end(body));
    expect(await failureOf(openaiAt(url).health(never()))).toMatchObject({ kind: 'protocol', scope: 'host' });
  });
});
