import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDiscordStandIn, type DiscordStandIn, type DiscordStandInOptions } from './stand-in.ts';

let standIn: DiscordStandIn;
beforeEach(async () => {
  standIn = await startDiscordStandIn({ rateLimit: { calls: 1000, windowMs: 1000 } });
});
afterEach(() => standIn.close());

async function restart(options?: DiscordStandInOptions): Promise<void> {
  await standIn.close();
  standIn = await startDiscordStandIn(options);
}

async function post(url: string, body: unknown): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const x = (length: number): string => 'x'.repeat(length);
const field = (name: string, value = 'v') => ({ name, value, inline: true });

describe('posting', () => {
  it('answers 204 without a body, and keeps the message by webhook', async () => {
    const embed = { title: 'Job acquired', color: 0x00ff00, fields: [field('client_slug', 'acme')] };
    expect(await post(standIn.webhookUrl('batch_manifest'), { embeds: [embed] })).toMatchObject({
      status: 204,
      body: undefined,
    });
    await post(standIn.webhookUrl('batch_report'), { content: 'done' });
    expect(standIn.messages('batch_manifest')).toMatchObject([{ webhook: 'batch_manifest', embeds: [embed] }]);
    expect(standIn.messages()).toHaveLength(2);
  });

  it('answers 200 with the message object with ?wait=true, also below a version', async () => {
    const url = standIn.webhookUrl('batch_report').replace('/api/', '/api/v10/');
    const reply = await post(`${url}?wait=true`, { content: 'done' });
    expect(reply).toMatchObject({ status: 200, body: { type: 0, content: 'done', embeds: [] } });
    expect(reply.body).toHaveProperty('id', standIn.messages()[0]?.id);
  });

  it('gives the same name the same URL', () => {
    expect(standIn.webhookUrl('a')).toBe(standIn.webhookUrl('a'));
    expect(standIn.webhookUrl('a')).not.toBe(standIn.webhookUrl('b'));
  });

  it('knows no webhook that was not asked for, and no wrong token', async () => {
    const unknown = await post(`${standIn.url}/api/webhooks/123/abc`, { content: 'x' });
    expect(unknown).toMatchObject({ status: 404, body: { message: 'Unknown Webhook', code: 10015 } });
    const wrongToken = await post(`${standIn.webhookUrl('a')}x`, { content: 'x' });
    expect(wrongToken).toMatchObject({ status: 401, body: { code: 50027 } });
    expect((await post(`${standIn.url}/elsewhere`, {})).status).toBe(404);
    expect((await fetch(standIn.webhookUrl('a'))).status).toBe(405);
    expect(standIn.calls().map(({ webhook, status }) => [webhook, status])).toEqual([
      [undefined, 404],
      ['a', 401],
      [undefined, 404],
      ['a', 405],
    ]);
  });
});

describe('limits', () => {
  const e = (...path: string[]) => path;
  const embed = (parts: object) => ({ embeds: [{ title: 't', ...parts }] });
  const tooLong = (length: number) => `Must be ${length} or fewer in length.`;

  it.each([
    ['content', { content: x(2001) }, e('content'), tooLong(2000)],
    ['11 embeds', { embeds: Array(11).fill({ title: 't' }) }, e('embeds'), tooLong(10)],
    ['title', embed({ title: x(257) }), e('embeds', '0', 'title'), tooLong(256)],
    ['description', embed({ description: x(4097) }), e('embeds', '0', 'description'), tooLong(4096)],
    ['26 fields', embed({ fields: Array(26).fill(field('n')) }), e('embeds', '0', 'fields'), tooLong(25)],
    ['field name', embed({ fields: [field(x(257))] }), e('embeds', '0', 'fields', '0', 'name'), tooLong(256)],
    ['field value', embed({ fields: [field('n', x(1025))] }), e('embeds', '0', 'fields', '0', 'value'), tooLong(1024)],
    [
      'empty value',
      embed({ fields: [field('n', '')] }),
      e('embeds', '0', 'fields', '0', 'value'),
      'This field is required',
    ],
    ['footer', embed({ footer: { text: x(2049) } }), e('embeds', '0', 'footer', 'text'), tooLong(2048)],
    ['author', embed({ author: { name: x(257) } }), e('embeds', '0', 'author', 'name'), tooLong(256)],
    ['text colour', embed({ color: '#00ff00' }), e('embeds', '0', 'color'), 'Value "#00ff00" is not int.'],
    [
      'big colour',
      embed({ color: 2 ** 24 }),
      e('embeds', '0', 'color'),
      'int value should be less than or equal to 16777215.',
    ],
    ['low colour', embed({ color: -1 }), e('embeds', '0', 'color'), 'int value should be greater than or equal to 0.'],
    [
      'timestamp',
      embed({ timestamp: 'today' }),
      e('embeds', '0', 'timestamp'),
      'Could not parse "today". Should be ISO8601.',
    ],
    ['title that is no text', embed({ title: {} }), e('embeds', '0', 'title'), 'Could not interpret "{}" as string.'],
    ['empty embed', { embeds: [{}] }, e('embeds', '0', 'description'), 'This field is required'],
  ])('refuses %s with 50035 at the place of the fault', async (_name, body, path, message) => {
    const reply = await post(standIn.webhookUrl('a'), body);
    expect(reply).toMatchObject({ status: 400, body: { code: 50035, message: 'Invalid Form Body' } });
    expect(reply.body).toHaveProperty(['errors', ...path, '_errors', '0', 'message'], message);
    expect(standIn.messages()).toEqual([]);
  });

  it('counts 6000 characters over all embeds', async () => {
    const [half, rest] = [{ description: x(3000) }, { description: x(2995), footer: { text: 'x'.repeat(5) } }];
    expect((await post(standIn.webhookUrl('a'), { embeds: [half, rest] })).status).toBe(204);
    const reply = await post(standIn.webhookUrl('a'), { embeds: [half, { ...rest, title: 't' }] });
    expect(reply.body).toHaveProperty(['errors', 'embeds', '_errors', '0', 'code'], 'MAX_EMBED_SIZE_EXCEEDED');
  });

  it('takes everything at its limit, counted in characters', async () => {
    const body = embed({ title: '🙂'.repeat(256), color: 0xffffff, fields: Array(25).fill(field('n')) });
    expect((await post(standIn.webhookUrl('a'), body)).status).toBe(204);
  });

  it('refuses an empty message, a body that is not JSON and another content type', async () => {
    const url = standIn.webhookUrl('a');
    expect(await post(url, {})).toMatchObject({ status: 400, body: { code: 50006 } });
    const json = { 'Content-Type': 'application/json' };
    const broken = await fetch(url, { method: 'POST', headers: json, body: '{' });
    expect(await broken.json()).toMatchObject({ code: 50109 });
    const text = await fetch(url, { method: 'POST', body: 'hello' });
    expect(await text.json()).toMatchObject({ code: 50035 });
  });
});

describe('the rate limit', () => {
  it('is five calls in two seconds and webhook by default, with Discord’s headers', async () => {
    await restart();
    const replies = [];
    for (let call = 0; call < 6; call += 1) replies.push(await post(standIn.webhookUrl('a'), { content: 'x' }));
    expect(replies.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204, 429]);
    expect(replies.map(({ headers }) => headers.get('X-RateLimit-Remaining'))).toEqual(['4', '3', '2', '1', '0', '0']);
    const { body, headers } = replies[5] ?? {};
    expect(body).toMatchObject({ message: 'You are being rate limited.', global: false });
    const { retry_after: seconds } = body as { retry_after: number };
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(2);
    expect(Number(headers?.get('Retry-After'))).toBe(Math.ceil(seconds));
    expect(Number(headers?.get('X-RateLimit-Reset-After'))).toBeCloseTo(seconds, 2);
    expect((await post(standIn.webhookUrl('b'), { content: 'x' })).status).toBe(204);
  });

  it('is over after retry_after', async () => {
    await restart({ rateLimit: { calls: 1, windowMs: 500 } });
    const url = standIn.webhookUrl('a');
    await post(url, { content: 'x' });
    const limited = (await post(url, { content: 'x' })).body as { retry_after: number };
    await new Promise((resolve) => setTimeout(resolve, limited.retry_after * 1000 + 5));
    expect((await post(url, { content: 'x' })).status).toBe(204);
  });
});

describe('faults and control', () => {
  it('breaks the calls of one webhook only', async () => {
    standIn.faults.add({
      endpoint: 'webhook',
      match: { webhook: 'a' },
      action: { kind: 'reset', phase: 'after-commit' },
    });
    expect((await post(standIn.webhookUrl('b'), { content: 'x' })).status).toBe(204);
    await expect(post(standIn.webhookUrl('a'), { content: 'x' })).rejects.toThrow();
    expect(standIn.messages('a')).toHaveLength(1);
    expect((await post(standIn.webhookUrl('a'), { content: 'x' })).status).toBe(204);
  });

  it('is steered and read over HTTP', async () => {
    const rule = { endpoint: 'webhook', times: 1, action: { kind: 'answer', status: 500 } };
    await post(`${standIn.url}/_stand-in/faults`, rule);
    expect((await post(standIn.webhookUrl('a'), { content: 'x' })).status).toBe(500);
    await post(standIn.webhookUrl('a'), { content: 'y' });
    const read = async (name: string) => (await fetch(`${standIn.url}/_stand-in/${name}`)).json();
    expect(await read('messages?webhook=a')).toMatchObject([{ content: 'y' }]);
    expect(await read('calls')).toHaveLength(2);
    expect(await read('health')).toMatchObject({ name: 'discord-stand-in', messages: 1 });
  });

  it('goes down and comes back with its webhooks', async () => {
    const url = standIn.webhookUrl('a');
    await standIn.down();
    await expect(post(url, { content: 'x' })).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await standIn.up();
    expect((await post(url, { content: 'x' })).status).toBe(204);
  });
});
