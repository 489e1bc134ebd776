import sharp from 'sharp';
import { seededRandom } from '../shared/random.ts';

export interface GeneratedImage {
  readonly seed: string;
  /** Stored pixels, before any EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** EXIF orientation 6 (JPEG only): shown turned by 90 degrees, so its size after orientation is height x width. */
  readonly turned?: boolean;
  readonly grey?: boolean;
}

type ImageFormat = 'jpeg' | 'png' | 'webp';

const NAME = /^(?<seed>.+?)-(?<width>[1-9]\d{0,3})x(?<height>[1-9]\d{0,3})(?:-\w+)*\.(?<format>jpe?g|png|webp)$/;

/** Reads `<seed>-<width>x<height>.<jpg|jpeg|png|webp>`; `-exif6` and `-grey` may stand anywhere in the name. */
export function parseGeneratedName(name: string): GeneratedImage | undefined {
  const parts = NAME.exec(name)?.groups as Record<'seed' | 'width' | 'height' | 'format', string> | undefined;
  if (!parts) return undefined;
  return {
    seed: parts.seed,
    width: Number(parts.width),
    height: Number(parts.height),
    format: parts.format.startsWith('jp') ? 'jpeg' : (parts.format as ImageFormat),
    turned: name.includes('-exif6'),
    grey: name.includes('-grey'),
  };
}

/** Coloured shapes under fine noise: the same image gives the same bytes, another seed others. */
export async function drawImage(image: GeneratedImage): Promise<Buffer> {
  const random = seededRandom(image.seed);
  let picture = sharp(shapes(image, random)).composite([{ input: await noiseTile(random), tile: true }]);
  if (image.grey) picture = sharp(await picture.png().toBuffer()).toColourspace('b-w');
  if (image.turned) picture = picture.withMetadata({ orientation: 6 });
  return picture.removeAlpha().toFormat(image.format).toBuffer();
}

const SHAPES = 12;
const NOISE_SIZE = 64;
const NOISE_OPACITY = 40;

function shapes({ width, height }: GeneratedImage, random: () => number): Buffer {
  const at = (limit: number): number => Math.round(random() * limit);
  const colour = (): string => `rgb(${at(255)},${at(255)},${at(255)})`;
  const parts = Array.from({ length: SHAPES }, (_, index) => {
    const place = [at(width), at(height)] as const;
    return index % 2 === 0
      ? `<rect x="${place[0]}" y="${place[1]}" width="${at(width / 3)}" height="${at(height / 3)}" fill="${colour()}"/>`
      : `<circle cx="${place[0]}" cy="${place[1]}" r="${at(height / 4)}" fill="${colour()}"/>`;
  });
  const size = `width="${width}" height="${height}"`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${colour()}"/>${parts.join('')}</svg>`,
  );
}

async function noiseTile(random: () => number): Promise<Buffer> {
  const raw = Buffer.alloc(NOISE_SIZE * NOISE_SIZE * 4);
  for (let index = 0; index < raw.length; index += 1) {
    raw[index] = index % 4 === 3 ? NOISE_OPACITY : Math.floor(random() * 256);
  }
  return sharp(raw, { raw: { width: NOISE_SIZE, height: NOISE_SIZE, channels: 4 } })
    .png()
    .toBuffer();
}
