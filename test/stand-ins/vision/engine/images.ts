import sharp from 'sharp';
import type { Image } from './inference.ts';
import { lookAt, type Look } from './look.ts';
import { Refusal } from './refusal.ts';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What the real server's decoder takes; AVIF, TIFF and SVG are not among them. */
const ACCEPTED = new Set<string>(['jpeg', 'png', 'gif', 'webp']);

/**
 * Judges images by their header only: cheap, and as credulous as the real server, which takes a truncated JPEG. The
 * same bytes are looked at once.
 */
export class ImageInspector {
  readonly #known = new Map<string, Promise<ImageSize>>();
  readonly #looks = new Map<string, Promise<Look | undefined>>();

  /** @throws Refusal for what does not decode */
  async inspect(image: Image): Promise<ImageSize> {
    const known = this.#known.get(image.sha256) ?? sizeOf(image.bytes);
    this.#known.set(image.sha256, known);
    return known;
  }

  /** What an answer about this image may say of its colours; undefined where it does not decode. */
  async look(image: Image): Promise<Look | undefined> {
    const known = this.#looks.get(image.sha256) ?? lookAt(image.bytes);
    this.#looks.set(image.sha256, known);
    return known;
  }
}

async function sizeOf(bytes: Buffer): Promise<ImageSize> {
  // BMP is the one format that the real server decodes and sharp does not know.
  if (bytes.length >= 26 && bytes.toString('latin1', 0, 2) === 'BM') {
    return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
  }
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (!header || !ACCEPTED.has(header.format)) throw new Refusal({ kind: 'bad-image' });
  return { width: header.width, height: header.height };
}
