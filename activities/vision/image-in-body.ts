/**
 * An image as base64, and the body around it as JSON and bytes, made for every call anew, would be megabytes of garbage
 * for each of 25 analyses of the same image, while a lane waits. Bodies are written with this word instead, and the
 * image, encoded once, is put into the finished body.
 */
export const imageWord = Buffer.from('gf25 image');
export const imageWordBase64 = imageWord.toString('base64');

/** What stands before and behind the image in the body of each wire. */
export interface PlaceOfImage {
  readonly before: string;
  readonly after: string;
}

/** Quotes inside of texts are escaped in JSON, so no prompt can hold one of these. */
export const placeOfImage = {
  ollama: { before: '"images":["', after: '"]' },
  openai: { before: '"url":"data:image/jpeg;base64,', after: '"' },
} as const satisfies Record<string, PlaceOfImage>;

const encoded = new WeakMap<Buffer, Buffer>();

/** @throws Error when the body has no place for the image, or several: whoever writes the body has changed its ways */
export function putImage(body: string, image: Buffer, { before, after }: PlaceOfImage): Buffer {
  const [head, tail, ...rest] = body.split(`${before}${imageWordBase64}${after}`);
  if (head === undefined || tail === undefined || rest.length > 0)
    throw new Error('the body has no place for the image');
  return Buffer.concat([Buffer.from(head + before), base64Of(image), Buffer.from(after + tail)]);
}

function base64Of(image: Buffer): Buffer {
  const known = encoded.get(image);
  if (known) return known;
  const bytes = Buffer.from(image.toString('base64'), 'latin1');
  encoded.set(image, bytes);
  return bytes;
}
