import sharp, { type Sharp } from 'sharp';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, picture, post, question, type Line } from './support.ts';

let standIn: VisionStandIn;

beforeAll(async () => {
  standIn = await startVisionStandIn({
    acceptAnyModel: false,
    models: [
      { name: 'eyes' },
      { name: 'reader', capabilities: ['completion'] },
      { name: 'vectors', capabilities: ['embedding'] },
    ],
  });
});
afterAll(async () => standIn.close());

const eyes = { model: 'eyes', messages: [{ role: 'user', content: 'Hello' }] };
const blank = (): Sharp => sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } });
const withImage = (image: Buffer | string): object => {
  const images = [typeof image === 'string' ? image : image.toString('base64')];
  return { ...eyes, messages: [{ role: 'user', content: 'Look', images }] };
};

const badImage = { code: 400, message: 'Failed to load image or audio file', type: 'invalid_request_error' };

const refused: readonly [name: string, body: () => Promise<unknown>, status: number, error: unknown][] = [
  ['no body', async () => '', 400, 'missing request body'],
  ['a body that is no JSON', async () => 'nonsense', 400, "invalid character 'o' looking for beginning of value"],
  ['half a body', async () => '{"model":', 400, 'unexpected EOF'],
  [
    'a field of the wrong type',
    async () => ({ ...eyes, messages: 'x' }),
    400,
    /^json: cannot unmarshal field messages/,
  ],
  ['no model', async () => ({ messages: [] }), 400, 'model is required'],
  ['an unknown model', async () => ({ ...eyes, model: 'ears' }), 404, "model 'ears' not found"],
  [
    'a format that is no schema',
    async () => ({ ...eyes, format: 'xml' }),
    400,
    /^invalid format: .* valid JSON Schema object$/,
  ],
  [
    'a keep_alive that is no duration',
    async () => ({ ...eyes, keep_alive: '5 min' }),
    400,
    'time: invalid duration "5 min"',
  ],
  [
    'an option of the wrong type',
    async () => ({ ...eyes, options: { num_ctx: '8k' } }),
    500,
    'option "num_ctx" must be of type integer',
  ],
  [
    'thinking with a model that cannot',
    async () => ({ ...eyes, think: true }),
    400,
    '"eyes" does not support thinking',
  ],
  [
    'a chat with a model that only embeds',
    async () => ({ ...eyes, model: 'vectors' }),
    400,
    '"vectors" does not support chat',
  ],
  ['a data URI', async () => withImage('data:image/jpeg;base64,AAAA'), 400, 'illegal base64 data at input byte 4'],
  ['bytes that are no image', async () => withImage(Buffer.from('not an image')), 400, badImage],
  ['AVIF', async () => withImage(await blank().avif().toBuffer()), 400, badImage],
  ['TIFF', async () => withImage(await blank().tiff().toBuffer()), 400, badImage],
  [
    'SVG',
    async () => withImage(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
    400,
    badImage,
  ],
  [
    'an image for a model without vision',
    async () => ({ ...withImage(await picture()), model: 'reader' }),
    500,
    { code: 500, type: 'server_error' },
  ],
  [
    'a conversation beyond the context',
    async () => ({
      ...withImage(await picture('big', { width: 2000, height: 2000 })),
      options: { num_ctx: 2048 },
      truncate: false,
    }),
    400,
    { code: 400, type: 'exceed_context_size_error', n_prompt_tokens: 4097, n_ctx: 2048 },
  ],
  [
    'a schema with a reference to nowhere',
    async () => ({ ...eyes, format: { $ref: '#/$defs/none' } }),
    400,
    { code: 400, message: 'JSON schema conversion failed: Error resolving ref #/$defs/none' },
  ],
];

test.each(refused)('it refuses %s', async (_name, body, status, error) => {
  for (const stream of [true, false]) {
    const made = await body();
    const answer = await post(`${standIn.url}/api/chat`, typeof made === 'object' ? { ...made, stream } : made);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/json; charset=utf-8']);
    const { error: said = '' } = JSON.parse(answer.text) as Line;
    if (typeof error === 'string') expect(said).toBe(error);
    else if (error instanceof RegExp) expect(said).toMatch(error);
    // Errors of the inner server come as JSON inside the string.
    else expect(JSON.parse(said)).toMatchObject({ error });
    expect(standIn.calls().at(-1)).toMatchObject({ outcome: 'refused', status });
  }
});

const accepted: readonly [name: string, image: () => Promise<Buffer>][] = [
  ['JPEG', () => picture()],
  ['PNG', () => blank().png().toBuffer()],
  ['WebP', () => blank().webp().toBuffer()],
  ['GIF', () => blank().gif().toBuffer()],
  ['BMP', async () => Buffer.from('424d3a0000000000000036000000280000000100000001000000', 'hex')],
  ['a truncated JPEG, as the real server does', async () => (await picture()).subarray(0, 600)],
];

test.each(accepted)('it takes %s', async (_name, image) => {
  const { status, last } = await ask(standIn.url, withImage(await image()));
  expect([status, last.done]).toEqual([200, true]);
});

test('options that nobody knows are ignored', async () => {
  expect((await ask(standIn.url, { ...eyes, options: { wings: 2, seed: null } })).status).toBe(200);
});

test('paths and methods that are not there get the words of the real router', async () => {
  const nowhere = await request(`${standIn.url}/v1/embeddings`);
  expect([nowhere.statusCode, await nowhere.body.text()]).toEqual([404, '404 page not found']);
  const wrong = await request(`${standIn.url}/api/chat`);
  expect([wrong.statusCode, await wrong.body.text()]).toEqual([405, '405 method not allowed']);
});

test('a Host header from outside gets 403 and no body', async () => {
  const ask = async (host: string): Promise<unknown> => {
    const { statusCode, body } = await request(`${standIn.url}/api/version`, { headers: { host } });
    return [statusCode, (await body.text()).length > 0];
  };
  expect(await ask('vision.example.org')).toEqual([403, false]);
  expect(await ask('gpu-1.internal:11434')).toEqual([200, true]);
});

test('showing a model that is not there says so', async () => {
  const { status, text } = await post(`${standIn.url}/api/show`, question(undefined, '', { model: 'ears' }));
  expect([status, JSON.parse(text)]).toEqual([404, { error: "model 'ears' not found" }]);
});
