import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { imageWord, placeOfImage, putImage as putInto } from '../../../activities/vision/image-in-body.ts';

const putImage = (body: string, image: Buffer) => putInto(body, image, placeOfImage.ollama);
const bodyOf = (prompt: string, images: readonly string[] = [imageWord.toString('base64')]) =>
  JSON.stringify({ model: 'a', messages: [{ role: 'user', content: prompt, images }, { role: 'assistant' }] });

interface Body {
  readonly messages: readonly { readonly content: string; readonly images: readonly string[] }[];
}

describe('the image in a body', () => {
  test.each([0, 1, 2, 3, 1_000, 1_000_000])('of %i bytes is the same as from the client itself', (sizeBytes) => {
    const image = randomBytes(sizeBytes);
    expect(putImage(bodyOf('what?'), image).toString()).toBe(bodyOf('what?', [image.toString('base64')]));
  });

  test('leaves texts alone that look like its place, or are not in Latin', () => {
    const prompt = `"images":["${imageWord.toString('base64')}"] "images":[ ä 色 \\ " \n {{x}} $&`;
    const image = randomBytes(100);
    const { messages } = JSON.parse(putImage(bodyOf(prompt), image).toString()) as Body;
    expect(messages[0]).toMatchObject({ content: prompt, images: [image.toString('base64')] });
  });

  test('is not mixed up with another one', () => {
    const [one, two] = [randomBytes(50), randomBytes(50)];
    for (const image of [one, two, one])
      expect(putImage(bodyOf('x'), image).toString()).toContain(image.toString('base64'));
  });

  test.each([
    ['is missing', JSON.stringify({ messages: [{ content: 'x' }] })],
    ['holds another image', bodyOf('x', ['AAAA'])],
    ['is there twice', `${bodyOf('x')}${bodyOf('x')}`],
    ['is written in another way', bodyOf('x').replace('"images":', '"images": ')],
  ])('is refused when its place %s: the client has changed', (_, body) => {
    expect(() => putImage(body, randomBytes(5))).toThrow('no place for the image');
  });
});
