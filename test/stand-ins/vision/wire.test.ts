import { Ollama } from 'ollama';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, get, picture, post, question, type Line } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

test('it looks like a running server of Ollama', async () => {
  standIn = await startVisionStandIn({ version: '0.31.2' });
  const root = await request(standIn.url);
  expect([root.statusCode, await root.body.text()]).toEqual([200, 'Ollama is running']);
  const head = await request(standIn.url, { method: 'HEAD' });
  expect([head.statusCode, await head.body.text()]).toEqual([200, '']);
  expect(await get(`${standIn.url}/api/version`)).toEqual({ version: '0.31.2' });
});

test('the npm client lists models with digest and capabilities', async () => {
  standIn = await startVisionStandIn({ models: [{ name: 'eyes', digest: 'abc', capabilities: ['vision'] }] });
  const client = new Ollama({ host: standIn.url });
  const { models } = await client.list();
  expect(models).toMatchObject([{ name: 'eyes:latest', digest: 'abc', capabilities: ['vision'] }]);
  const shown = await client.show({ model: 'eyes' });
  expect(shown.capabilities).toEqual(['vision']);
  expect(shown.model_info).toMatchObject({ 'general.architecture': 'qwen25vl' });
});

test('the npm client streams a chat about an image', async () => {
  standIn = await startVisionStandIn({ latencyMs: 40, loadMs: 5, encodeMs: 10 });
  const client = new Ollama({ host: standIn.url });
  const stream = await client.chat({
    model: 'qwen2.5vl:7b',
    messages: [{ role: 'user', content: 'What is this?', images: [await picture()] }],
    stream: true,
  });
  const parts = [];
  for await (const part of stream) parts.push(part);
  const last = parts.at(-1);
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.map((part) => part.message.content).join('')).toMatch(/^A \w+ \w+ .*\.$/);
  expect(last).toMatchObject({ done: true, done_reason: 'stop', model: 'qwen2.5vl:7b' });
  expect(last?.load_duration).toBeGreaterThan(4e6);
  expect(last?.prompt_eval_count).toBeGreaterThan(1000);
  expect(last?.prompt_eval_duration).toBe(20e6);
  expect(last?.eval_duration).toBeGreaterThan(20e6);
  expect(last?.total_duration).toBeGreaterThan(50e6);
});

test('the npm client gets a whole chat and a whole generation', async () => {
  standIn = await startVisionStandIn();
  const client = new Ollama({ host: standIn.url });
  const chat = await client.chat({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
  expect(chat).toMatchObject({ done: true, done_reason: 'stop', message: { role: 'assistant' } });
  const made = await client.generate({
    model: 'm',
    prompt: 'What is this?',
    images: [await picture()],
    system: 'Be brief.',
  });
  expect(made).toMatchObject({ done: true, done_reason: 'stop' });
  expect(made.response).toMatch(/\.$/);
  expect(standIn.calls()[1]).toMatchObject({
    prompt: 'Be brief.\n\nWhat is this?',
    messages: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'What is this?' },
    ],
  });
});

test('zero durations are left out', async () => {
  standIn = await startVisionStandIn();
  const { last } = await ask(standIn.url, question(undefined));
  expect(last).not.toHaveProperty('prompt_eval_duration');
  expect(last).toHaveProperty('eval_count');
});

test('a character of several bytes is split over two writes', async () => {
  standIn = await startVisionStandIn({ latencyMs: 100 });
  standIn.script.add({
    action: { kind: 'text', text: 'a plain start, then crème brûlée and 鱼 on the table of the café' },
  });
  const { body } = await request(`${standIn.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify(question(undefined)),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.filter((chunk) => chunk.toString().includes('\uFFFD'))).toHaveLength(2);
  expect(Buffer.concat(chunks).toString()).not.toContain('\uFFFD');
});

test('headers come with the first chunk, not before', async () => {
  standIn = await startVisionStandIn({ latencyMs: 200 });
  const startMs = performance.now();
  const response = await request(`${standIn.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify(question(undefined)),
  });
  expect(performance.now() - startMs).toBeGreaterThan(20);
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  await response.body.text();
});

test('a call without messages loads the model, with keep_alive 0 it unloads it', async () => {
  standIn = await startVisionStandIn({ loadMs: 30 });
  const chat = `${standIn.url}/api/chat`;
  const loaded = await post(chat, { model: 'qwen2.5vl:7b', messages: [], keep_alive: -1, options: { num_ctx: 8192 } });
  expect(JSON.parse(loaded.text)).toMatchObject({ done: true, done_reason: 'load' });
  const { models } = (await get(`${standIn.url}/api/ps`)) as { models: Line[] };
  expect(models).toMatchObject([{ name: 'qwen2.5vl:7b', context_length: 8192 }]);
  expect(models[0]?.size_vram).toBe(models[0]?.size);
  const unloaded = await post(`${standIn.url}/api/generate`, { model: 'qwen2.5vl:7b', keep_alive: 0 });
  expect(JSON.parse(unloaded.text)).toMatchObject({ done: true, done_reason: 'unload', response: '' });
  expect(await get(`${standIn.url}/api/ps`)).toEqual({ models: [] });
  expect(standIn.calls()).toEqual([]);
});

test('a format makes the answer JSON, and the same call gives the same answer', async () => {
  standIn = await startVisionStandIn({ seed: 7 });
  const format = {
    type: 'object',
    properties: { image_description: { type: 'string' } },
    required: ['image_description'],
  };
  const body = question(await picture(), 'Describe it.', { format });
  const [first, again, other, otherImage] = [
    await ask(standIn.url, body),
    await ask(standIn.url, body),
    await ask(standIn.url, question(await picture(), 'Describe it well.', { format })),
    await ask(standIn.url, question(await picture('two'), 'Describe it.', { format })),
  ];
  expect((JSON.parse(first.text) as Line).image_description).toMatch(/^A .*\.$/);
  expect(again.text).toBe(first.text);
  expect(other.text).not.toBe(first.text);
  expect(otherImage.text).not.toBe(first.text);
  expect(JSON.parse((await ask(standIn.url, question(undefined, 'Any JSON.', { format: 'json' }))).text)).toBeTypeOf(
    'object',
  );
});

test('num_predict cuts the answer', async () => {
  standIn = await startVisionStandIn();
  const { text, last } = await ask(standIn.url, question(undefined, 'Tell me.', { options: { num_predict: 5 } }));
  expect(text).toHaveLength(20);
  expect(last).toMatchObject({ done: true, done_reason: 'length', eval_count: 5 });
});

test('a conversation that is too long silently loses its oldest messages, the image with them', async () => {
  standIn = await startVisionStandIn();
  const image = (await picture()).toString('base64');
  const messages = [
    { role: 'system', content: 'You look at images.' },
    { role: 'user', content: 'What is this?', images: [image] },
    { role: 'assistant', content: 'word '.repeat(2000) },
    { role: 'user', content: 'Again, as JSON.' },
  ];
  await ask(standIn.url, { model: 'm', messages, options: { num_ctx: 2048 } });
  const [call] = standIn.calls();
  expect(call?.imageSha256).toBeUndefined();
  expect(call?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
});
