import { afterEach, describe, expect, test } from 'vitest';
import type { ScriptAction } from './script.ts';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { get, picture, post } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

const SCHEMA = { type: 'object', properties: { summary: { type: 'string' } }, required: ['summary'] };

/** The body of one question about one image, the image first. */
async function question(name: string, text = 'What is it?', more: object = {}): Promise<object> {
  const url = `data:image/jpeg;base64,${(await picture(name)).toString('base64')}`;
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text },
  ];
  const response_format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: SCHEMA } };
  return { model: 'qwen2.5vl:7b', messages: [{ role: 'user', content }], response_format, ...more };
}

interface Event {
  readonly choices?: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
  readonly error?: object;
}

async function stream(body: object) {
  const usage = { stream: true, stream_options: { include_usage: true } };
  const { status, headers, text } = await post(`${standIn.url}/v1/chat/completions`, { ...body, ...usage });
  const data = text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''));
  const isDone = data.at(-1) === '[DONE]';
  const events = (isDone ? data.slice(0, -1) : data).map((each) => JSON.parse(each) as Event);
  const choices = events.flatMap((event) => event.choices ?? []);
  const finish = choices.map((choice) => choice.finish_reason).find(Boolean);
  const whole = choices.map(({ delta }) => delta.content ?? '').join('');
  return { status, headers, events, isDone, finish, whole, usage: events.find((event) => event.usage)?.usage };
}

describe('a stream', () => {
  test('has the answer in pieces, a reason, the usage and an end mark', async () => {
    standIn = await startVisionStandIn();
    const answer = await stream(await question('one'));
    expect(answer).toMatchObject({ status: 200, isDone: true, finish: 'stop' });
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(JSON.parse(answer.whole)).toHaveProperty('summary');
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(1_000);
  });

  test('tells what the slot remembered of the prompt', async () => {
    standIn = await startVisionStandIn();
    const cached = [];
    for (const [name, text] of [
      ['one', 'first'],
      ['one', 'second'],
      ['two', 'third'],
    ] as const)
      cached.push((await stream(await question(name, text))).usage?.prompt_tokens_details.cached_tokens);
    expect(cached).toEqual([0, 1_024, 0]);
    expect(standIn.calls().map(({ encoded }) => encoded)).toEqual([true, false, true]);
  });

  test.each<[ScriptAction, object]>([
    [{ kind: 'length' }, { isDone: true, finish: 'length' }],
    [{ kind: 'incomplete' }, { isDone: false, finish: undefined }],
    [{ kind: 'error-line' }, { isDone: true, finish: undefined }],
  ])('shows the fault %j', async (action, expected) => {
    standIn = await startVisionStandIn();
    standIn.script.add({ action });
    const answer = await stream(await question('one'));
    expect(answer).toMatchObject(expected);
    expect(answer.events.some(({ error }) => error !== undefined)).toBe(action.kind === 'error-line');
  });

  test('is cut at max_tokens', async () => {
    standIn = await startVisionStandIn();
    expect(await stream(await question('one', 'what?', { max_tokens: 3 }))).toMatchObject({ finish: 'length' });
  });
});

test('without streaming everything comes at the end', async () => {
  standIn = await startVisionStandIn();
  const { status, text } = await post(`${standIn.url}/v1/chat/completions`, await question('one'));
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'stop' }] });
});

describe('an error', () => {
  const badImage = { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAA' } };
  const web = { type: 'image_url', image_url: { url: 'http://127.0.0.1/image.jpg' } };

  test.each<[string, object, number, string]>([
    ['no messages', { model: 'a', messages: [] }, 400, 'messages'],
    ['no image', { model: 'a', messages: [{ role: 'user', content: [badImage] }] }, 400, 'cannot identify image'],
    ['an address', { model: 'a', messages: [{ role: 'user', content: [web] }] }, 400, 'data URI'],
    ['another model', { model: 'a', messages: [{ role: 'user', content: 'x' }] }, 404, 'The model `a` does not exist'],
  ])('for %s has a status and words', async (name, body, status, words) => {
    standIn = await startVisionStandIn({ acceptAnyModel: name !== 'another model' });
    const answer = await post(`${standIn.url}/v1/chat/completions`, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: status } });
    expect(answer.text).toContain(words);
  });

  test('of the script comes with its headers', async () => {
    standIn = await startVisionStandIn();
    standIn.script.add({ action: { kind: 'status', status: 429, headers: { 'retry-after': '3' } } });
    const answer = await post(`${standIn.url}/v1/chat/completions`, await question('one'));
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  });
});

test('the models and the version are told', async () => {
  standIn = await startVisionStandIn({ models: [{ name: 'seer:1', capabilities: ['vision'] }], version: '0.11.2' });
  expect(await get(`${standIn.url}/v1/models`)).toMatchObject({ data: [{ id: 'seer:1', owned_by: 'vllm' }] });
  expect(await get(`${standIn.url}/version`)).toEqual({ version: '0.11.2' });
});
