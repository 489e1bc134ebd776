import { Ollama } from 'ollama';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { nowMs } from './clock.ts';
import type { ScriptAction, TransformHow } from './script.ts';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, failureOf, picture, post, question } from './support.ts';

let standIn: VisionStandIn;

beforeEach(async () => {
  standIn = await startVisionStandIn({ latencyMs: 20 });
});
afterEach(async () => standIn.close());

const once = (action: ScriptAction): void => standIn.script.add({ action });
const outcome = (): unknown => standIn.calls().at(-1)?.outcome;

test('a text replaces the answer', async () => {
  once({ kind: 'text', text: '{"a": 1}' });
  expect((await ask(standIn.url, question(undefined))).text).toBe('{"a": 1}');
  expect((await ask(standIn.url, question(undefined))).text).not.toBe('{"a": 1}');
});

test('a status comes at once, with its error and headers, and without a slot', async () => {
  once({ kind: 'status', status: 503, error: 'away', headers: { 'retry-after': '2' } });
  const answer = await post(`${standIn.url}/api/chat`, question(undefined));
  expect([answer.status, answer.text, answer.headers['retry-after']]).toEqual([503, '{"error":"away"}', '2']);
  expect(standIn.calls()[0]).toMatchObject({ outcome: 'refused', status: 503, startedAtMs: undefined });
  once({ kind: 'status', status: 500 });
  expect((await post(`${standIn.url}/api/chat`, question(undefined))).text).toContain('unexpectedly stopped');
  once({ kind: 'status', status: 403 });
  expect((await post(`${standIn.url}/api/chat`, question(undefined))).text).toBe('');
});

test('an error line comes in the middle of the stream, after status 200', async () => {
  once({ kind: 'error-line' });
  const { status, lines, last } = await ask(standIn.url, question(undefined));
  expect([status, lines.length > 2, last.error]).toEqual([200, true, expect.stringContaining('running the model')]);
  expect(outcome()).toBe('failed');
  once({ kind: 'error-line' });
  expect((await ask(standIn.url, question(undefined, 'x', { stream: false }))).status).toBe(500);
});

test('the npm client sees an error line as an error', async () => {
  once({ kind: 'error-line' });
  const client = new Ollama({ host: standIn.url });
  const stream = await client.chat({ model: 'm', messages: [{ role: 'user', content: 'x' }], stream: true });
  const read = async (): Promise<void> => {
    for await (const _part of stream);
  };
  await expect(read()).rejects.toThrow('an error was encountered while running the model');
});

test('length cuts the answer and says so', async () => {
  once({ kind: 'length' });
  const { text, last } = await ask(standIn.url, question(undefined, 'x', { format: 'json' }));
  expect(last).toMatchObject({ done: true, done_reason: 'length' });
  expect(() => JSON.parse(text) as unknown).toThrow();
});

test('incomplete ends without done and without an error', async () => {
  once({ kind: 'incomplete' });
  const { status, last } = await ask(standIn.url, question(undefined));
  expect([status, last.done, last.error]).toEqual([200, false, undefined]);
  once({ kind: 'incomplete' });
  const whole = await ask(standIn.url, question(undefined, 'x', { stream: false }));
  expect(whole.last).toMatchObject({ done: false, message: { role: 'assistant' } });
  expect(outcome()).toBe('failed');
});

test.each(['before-headers', 'mid-stream'] as const)('a reset %s tears the connection', async (phase) => {
  once({ kind: 'reset', phase });
  expect(await failureOf(ask(standIn.url, question(undefined)))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  expect(standIn.calls()[0]).toMatchObject({ outcome: 'failed', status: phase === 'mid-stream' ? 200 : undefined });
  expect((await ask(standIn.url, question(undefined))).status).toBe(200);
});

test.each(['before-headers', 'mid-stream'] as const)('a hang %s lasts until the client leaves', async (phase) => {
  once({ kind: 'hang', phase });
  const signal = AbortSignal.timeout(120);
  expect(await failureOf(ask(standIn.url, question(undefined), { signal }))).toBe('TimeoutError');
  await standIn.waitFor(([call]) => call?.outcome === 'aborted');
  expect(standIn.calls()[0]?.firstByteAtMs === undefined).toBe(phase === 'before-headers');
});

test.each(['before-headers', 'mid-stream'] as const)('a hang %s may end by itself', async (phase) => {
  once({ kind: 'hang', phase, ms: 100 });
  const startMs = nowMs();
  expect((await ask(standIn.url, question(undefined))).last.done).toBe(true);
  expect(nowMs() - startMs).toBeGreaterThan(98);
});

test('a delay makes the answer so much slower', async () => {
  once({ kind: 'delay', ms: 100 });
  const startMs = nowMs();
  await ask(standIn.url, question(undefined));
  expect(nowMs() - startMs).toBeGreaterThan(118);
});

const schema = z.strictObject({
  objects: z.array(
    z.strictObject({
      label: z.string(),
      bbox_2d: z.array(z.int().min(0).max(1000)).length(4),
      confidence: z.int().min(0).max(100),
    }),
  ),
  image_description: z.string().min(20).max(400),
});
const valid = (text: string): z.infer<typeof schema> => schema.parse(JSON.parse(text));
const notValid = (text: string): void => expect(schema.safeParse(JSON.parse(text)).success).toBe(false);
const notJson = (text: string): void => expect(() => JSON.parse(text) as unknown).toThrow();

const transforms: Record<TransformHow, (text: string) => void> = {
  fence: (text) =>
    expect(valid(text.replace(/^```json\n/, '').replace(/\n```$/, '')).objects.length).toBeGreaterThan(1),
  'truncated-json': notJson,
  refusal: (text) => expect(valid(text).image_description).toMatch(/I can't help .* unable to/),
  empty: (text) => expect(text).toBe(''),
  placeholder: (text) => expect(valid(text).image_description).toMatch(/^Lorem ipsum/),
  repetition: (text) =>
    expect(valid(text).image_description.split('the image shows a red car').length).toBeGreaterThan(4),
  'echo-prompt': (text) => expect(valid(text).image_description).toContain('Which objects are in this image'),
  'box-outside': (text) => {
    notValid(text);
    expect(text).toContain('9000');
  },
  nan: (text) => {
    notValid(text);
    expect(text).toContain('e1777');
  },
  'extra-prose': (text) => {
    notJson(text);
    expect(valid(/\{.*\}/s.exec(text)?.[0] ?? '').objects.length).toBeGreaterThan(1);
  },
  'wrong-type': notValid,
};

test.each(Object.entries(transforms))('transform %s', async (how, check) => {
  const format = z.toJSONSchema(schema);
  const body = question(await picture(), 'Which objects are in this image, and where?', { format });
  const sound = await ask(standIn.url, body);
  valid(sound.text);
  once({ kind: 'transform', how: how as TransformHow });
  const { text, last } = await ask(standIn.url, body);
  check(text);
  expect(last).toMatchObject({ done: true, done_reason: 'stop' });
});

test('rules are tried in order, match by input, skip, and are used up', async () => {
  const { imageSha256 } = await ask(standIn.url, question(await picture())).then(
    () => standIn.calls()[0] ?? { imageSha256: '' },
  );
  const text = (name: string): ScriptAction => ({ kind: 'text', text: name });
  standIn.script.add(
    { match: { promptIncludes: 'cat', turn: 1 }, action: text('repair') },
    { match: { promptIncludes: 'cat' }, skip: 1, times: 2, action: text('cat') },
    { match: { model: 'other' }, times: Infinity, action: text('model') },
    { match: { imageSha256: imageSha256 ?? '' }, action: text('image') },
  );
  const say = async (body: object): Promise<string> => {
    const { text: said } = await ask(standIn.url, body);
    return said.length < 10 ? said : '-';
  };
  const cat = question(undefined, 'a cat');
  expect([await say(cat), await say(cat), await say(cat), await say(cat)]).toEqual(['-', 'cat', 'cat', '-']);
  const other = question(undefined, 'x', { model: 'other' });
  expect([await say(other), await say(other)]).toEqual(['model', 'model']);
  expect([await say(question(await picture('two'))), await say(question(await picture()))]).toEqual(['-', 'image']);
  const messages = [
    { role: 'user', content: 'a cat' },
    { role: 'assistant', content: 'no' },
    { role: 'user', content: 'again' },
  ];
  expect(await say({ model: 'm', messages })).toBe('repair');
  standIn.script.clear();
  expect(await say(other)).toBe('-');
});

test('a rule that is none is refused', () => {
  expect(() => standIn.script.add({ action: { kind: 'status', status: 200 } })).toThrow();
});
