/**
 * The npm client turns an image into base64, and the body around it into JSON and bytes, for every call anew: megabytes
 * of garbage for each of 25 analyses of the same image, while a lane waits. It gets this word instead, and the image,
 * encoded once, is put into the finished body.
 */
export const imageWord = Buffer.from('gf25 image');

/** Quotes inside of texts are escaped in JSON, so no prompt can hold this. */
const place = `"images":["${imageWord.toString('base64')}"]`;

const encoded = new WeakMap<Buffer, Buffer>();

/** @throws Error when the body has no place for the image: the client has changed the way it sends images */
export function putImage(body: string, image: Buffer): Buffer {
  const [before, after, ...rest] = body.split(place);
  if (before === undefined || after === undefined || rest.length > 0)
    throw new Error('the body has no place for the image');
  return Buffer.concat([Buffer.from(`${before}"images":["`), base64Of(image), Buffer.from(`"]${after}`)]);
}

function base64Of(image: Buffer): Buffer {
  const known = encoded.get(image);
  if (known) return known;
  const bytes = Buffer.from(image.toString('base64'), 'latin1');
  encoded.set(image, bytes);
  return bytes;
}
