import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { checkOf, jsonSchemaOf } from '../../../activities/vision/fields.ts';
import { failureOf } from '../../support/activity.ts';
import { definitionOf } from '../../support/plans.ts';
import { picture } from '../../stand-ins/vision/support.ts';
import { imageForModel, inferenceOf, listeningServer, ndjson, ollamaAt, ollamaStandIn } from './inferences.ts';

const never = () => new AbortController().signal;
const done = ndjson({ model: 'a-model', message: { content: '{}' }, done: true, done_reason: 'stop' });

describe('an inference', () => {
  test('brings the whole text, and what it took', async () => {
    const { provider } = await ollamaStandIn({ latencyMs: 60, encodeMs: 20 });
    const { fields } = definitionOf();
    const inference = await provider.infer(await inferenceOf({ schema: jsonSchemaOf(fields, 'pixels') }), never());
    expect(checkOf(fields, 'pixels').safeParse(JSON.parse(inference.text)).success).toBe(true);
    expect(inference).toMatchObject({ finish: 'stop', model: 'a-model' });
    expect(inference.usage.promptTokens).toBeGreaterThan(0);
    expect(inference.usage.outputTokens).toBeGreaterThan(0);
    const { totalMs, firstByteMs = 0, promptMs = 0, outputMs = 0, loadMs } = inference.timings;
    expect(firstByteMs).toBeGreaterThan(0);
    expect(totalMs).toBeGreaterThanOrEqual(firstByteMs);
    expect(promptMs).toBeGreaterThan(0);
    expect(outputMs).toBeGreaterThan(0);
    expect(promptMs + outputMs).toBeLessThanOrEqual(totalMs);
    expect(loadMs).toBeGreaterThanOrEqual(0);
  });

  test('sends the very bytes of the image, so that the server knows it again', async () => {
    const { server, provider } = await ollamaStandIn();
    const [one, two] = [await imageForModel('one'), await imageForModel('two')];
    for (const image of [one, two, one]) await provider.infer(await inferenceOf({ image }), never());
    expect(server.calls().map(({ imageSha256 }) => imageSha256)).toEqual([one.sha256, two.sha256, one.sha256]);
  });

  test('joins the pieces of a text, also where a character is cut', async () => {
    const text = '{"summary": "Größe 色 🙂"}';
    const { server, provider } = await ollamaStandIn();
    server.script.add({ action: { kind: 'text', text } });
    expect((await provider.infer(await inferenceOf(), never())).text).toBe(text);
  });

  test.each([
    ['cut at the token limit', { kind: 'length' }, 'length'],
    ['ended without a word', { kind: 'incomplete' }, 'incomplete'],
  ] as const)('that was %s says so, and brings what there is', async (_, action, finish) => {
    const { server, provider } = await ollamaStandIn();
    server.script.add({ action });
    const inference = await provider.infer(await inferenceOf(), never());
    expect(inference.finish).toBe(finish);
    expect(inference.text).toMatch(/^\{/);
  });

  test('knows nothing of tokens and times that the server does not tell', async () => {
    const { url } = await listeningServer((response) => response.end(done));
    const inference = await ollamaAt(url).infer(await inferenceOf(), never());
    expect(inference).toMatchObject({ text: '{}', finish: 'stop', usage: {} });
    expect(Object.keys(inference.timings).sort()).toEqual(['firstByteMs', 'totalMs']);
    expect(Object.keys(inference.usage)).toEqual([]);
  });
});

describe('a call', () => {
  test('says everything that decides about model, cache and answer', async () => {
    const { url, heard } = await listeningServer((response) => response.end(done));
    const request = await inferenceOf();
    await ollamaAt(url).infer(request, never());
    expect(heard).toMatchObject([{ path: '/api/chat' }]);
    expect(heard[0]?.body).toEqual({
      model: 'a-model',
      stream: true,
      messages: [
        { role: 'system', content: 'You look at images.' },
        { role: 'user', content: 'What is it?', images: [request.image.bytes.toString('base64')] },
      ],
      format: request.schema,
      think: false,
      keep_alive: -1,
      truncate: false,
      shift: false,
      options: { num_ctx: 8_192, num_predict: 1_500, temperature: 0.1, seed: 25 },
    });
  });

  test('keeps the image in the first message when a conversation goes on', async () => {
    const { url, heard } = await listeningServer((response) => response.end(done));
    const turns = [
      { role: 'user', text: 'What is it?' },
      { role: 'assistant', text: 'A [img-0] placeholder that was read in the image' },
      { role: 'user', text: 'Your answer has these faults' },
    ] as const;
    await ollamaAt(url).infer(await inferenceOf({ turns }), never());
    const { messages } = heard[0]?.body as { messages: { role: string; content: string; images?: string[] }[] };
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages.map(({ images }) => images?.length ?? 0)).toEqual([0, 1, 0, 0]);
    // Ollama takes "[img" for a placeholder, wherever it stands
    expect(messages[2]?.content).toBe('A (img-0] placeholder that was read in the image');
  });

  test.each([
    [undefined, undefined],
    ['a key', 'Bearer a key'],
  ])('carries the key %j as %j', async (apiKey, authorization) => {
    const { url, heard } = await listeningServer((response) => response.end(done));
    await ollamaAt(url, { apiKey }).infer(await inferenceOf(), never());
    expect(heard[0]?.headers['authorization']).toBe(authorization);
  });

  test('leaves the request as it was, for the next attempt', async () => {
    const { provider } = await ollamaStandIn();
    const request = await inferenceOf();
    const before = structuredClone({ ...request, image: { ...request.image, bytes: 'elsewhere' } });
    await provider.infer(request, never());
    expect({ ...request, image: { ...request.image, bytes: 'elsewhere' } }).toEqual(before);
    expect(request.image.bytes.equals(await picture('one'))).toBe(true);
  });

  test('leaves no listener on the signal', async () => {
    const { server, provider } = await ollamaStandIn();
    server.script.add({ action: { kind: 'status', status: 500 } });
    const signal = never();
    await provider.infer(await inferenceOf(), signal).catch(() => undefined);
    await provider.infer(await inferenceOf(), signal);
    await provider.health(signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('the health of a server', () => {
  test('is its version', async () => {
    const { provider } = await ollamaStandIn({ version: '0.33.7' });
    expect(await provider.health(never())).toEqual({ version: '0.33.7' });
  });

  test('is asked where the base URL says, path included', async () => {
    const { url, heard } = await listeningServer((response) => response.end('{"version": "1"}'));
    expect(await ollamaAt(`${url}/behind/a/proxy`).health(never())).toEqual({ version: '1' });
    expect(heard[0]?.path).toBe('/behind/a/proxy/api/version');
  });
});

describe('a model', () => {
  const models = [
    { name: 'seer:7b', digest: 'abc' },
    { name: 'latest' },
    { name: 'blind:3b', capabilities: ['completion'] },
  ];
  const checking = async (model: string) => {
    const { provider } = await ollamaStandIn({ models, acceptAnyModel: false });
    return provider.checkModel(model, never());
  };

  test('that is there comes with its digest, under a short name too', async () => {
    expect(await checking('seer:7b')).toEqual({ digest: 'abc' });
    expect((await checking('latest')).digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('that is not there: the message says how to get it', async () => {
    expect(await failureOf(checking('seer:70b'))).toMatchObject({
      ...{ kind: 'model-missing', scope: 'analysis' },
      message: `model 'seer:70b' not found: run "ollama pull seer:70b" on the machine of this vision server`,
    });
  });

  test('that cannot see: the message names those that can', async () => {
    const failure = await failureOf(checking('blind:3b'));
    expect(failure).toMatchObject({ kind: 'not-supported', scope: 'analysis' });
    expect(failure.message).toBe(
      "the model 'blind:3b' cannot see images: on this server these can: seer:7b, latest:latest",
    );
  });

  test('of a server that does not tell is taken for granted', async () => {
    const { url } = await listeningServer((response) => response.writeHead(404).end('404 page not found'));
    expect(await ollamaAt(url).checkModel('any', never())).toEqual({});
  });

  test('is loaded before it is needed, and not again by a real call', async () => {
    const { server, provider } = await ollamaStandIn({ loadMs: 20 });
    await provider.warmUp?.('a-model', never());
    expect(server.stats()).toMatchObject({ loads: 1, received: 0 });
    await provider.infer(await inferenceOf(), never());
    expect(server.stats()).toMatchObject({ loads: 1, answered: 1 });
  });
});
