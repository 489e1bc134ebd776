import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, picture, post, question } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

/** A JPEG with zeros behind its end, which decoders do not look at: as large as those that are known again. */
const large = async (name: string) => Buffer.concat([await picture(name), Buffer.alloc(60_000)]);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('each of many large images is known by its own bytes, however often and on whichever wire it comes', async () => {
  standIn = await startVisionStandIn({ latencyMs: 1, slots: 4 });
  // more than are remembered, and pairs of one length
  const images = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => large(`picture ${index % 20}${index}`)),
  );
  const asked = [...images, ...images.slice(20), ...images.slice(30), ...images.slice(0, 5)];
  for (const image of asked) {
    const { status } = await ask(standIn.url, question(image));
    expect(status).toBe(200);
    const url = `data:image/jpeg;base64,${image.toString('base64')}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    const chat = await post(`${standIn.url}/v1/chat/completions`, {
      model: 'm',
      messages: [{ role: 'user', content }],
    });
    expect(chat.status).toBe(200);
  }
  const expected = asked.flatMap((image) => [sha256(image), sha256(image)]);
  expect(standIn.calls().map(({ imageSha256 }) => imageSha256)).toEqual(expected);
});

test('a text that repeats a known image stays a text', async () => {
  standIn = await startVisionStandIn({ latencyMs: 1 });
  const [one, other] = await Promise.all([large('one'), large('other')]);
  const base64 = one.toString('base64');
  const texts = [`Is it this: "${base64}"?`, base64, `It is,${base64}`];
  await ask(standIn.url, question(one));
  for (const text of texts) expect((await ask(standIn.url, question(other, text))).status).toBe(200);
  const expected = texts.map((prompt) => ({ imageSha256: sha256(other), prompt }));
  expect(standIn.calls().slice(1)).toMatchObject(expected);
});

test('a known image is still known behind a new one of the same call', async () => {
  standIn = await startVisionStandIn({ latencyMs: 1 });
  const images = await Promise.all(Array.from({ length: 33 }, (_, index) => large(`row ${index}`)));
  const [first, ...others] = images.map((image) => image.toString('base64'));
  const last = others.pop();
  for (const image of [first, ...others]) {
    const messages = [{ role: 'user', content: 'What is it?', images: [image] }];
    expect((await ask(standIn.url, { model: 'm', messages })).status).toBe(200);
  }
  const messages = [{ role: 'user', content: 'Which is larger?', images: [last, first] }];
  expect((await ask(standIn.url, { model: 'm', messages })).status).toBe(200);
});

test('the alphabet of URLs is no base64', async () => {
  standIn = await startVisionStandIn();
  const base64 = (await large('one')).toString('base64');
  const images = [`${base64.slice(0, 20_000)}-${base64.slice(20_001)}`];
  const { status, text } = await post(`${standIn.url}/api/chat`, { model: 'm', messages: [{ role: 'user', images }] });
  expect([status, text]).toEqual([400, '{"error":"illegal base64 data at input byte 20000"}']);
});
