import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import sharp, { type Sharp } from 'sharp';

import type { ImageForModel, InferenceRequest } from '../../../../activities/vision/provider.ts';

/** Photographs of groups indoors; the number of people in each, counted by eye. */
export const PEOPLE_IN_PHOTOGRAPH = { 1: 3, 2: 3, 3: 3, 4: 4, 5: 5, 6: 4 } as const;
export type PhotographNumber = keyof typeof PEOPLE_IN_PHOTOGRAPH;

/** One of the six photographs of npm `@vladmandic/face-api`, as the program sends it: 1344 pixels, JPEG quality 90. */
export async function photograph(number: PhotographNumber): Promise<ImageForModel> {
  const folder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  return imageOf(sharp(join(folder, 'demo', `sample${number}.jpg`)).resize(1344, 1344, { fit: 'inside' }));
}

export async function imageOf(
  pipeline: Sharp,
  variant: ImageForModel['variant'] = 'optimised',
): Promise<ImageForModel> {
  const jpeg = pipeline.jpeg({ quality: 90, chromaSubsampling: '4:4:4' });
  const { data, info } = await jpeg.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const sha256 = createHash('sha256').update(data).digest('hex');
  return {
    bytes: data,
    mime: 'image/jpeg',
    width,
    height,
    originalWidth: width,
    originalHeight: height,
    sha256,
    variant,
  };
}

/** Vertical stripes of flat colours, each `[css colour, width in pixels]`, 240 pixels high. */
export function stripes(...colours: readonly (readonly [colour: string, width: number])[]): Sharp {
  let left = 0;
  const rectangles = colours.map(([colour, width]) => {
    const rectangle = `<rect x="${left}" y="0" width="${width}" height="240" fill="${colour}"/>`;
    left += width;
    return rectangle;
  });
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="240">${rectangles.join('')}</svg>`),
  );
}

export function request(image: ImageForModel, embedded: string | undefined, timeoutMs = 30_000): InferenceRequest {
  return {
    model: 'embedded',
    system: '',
    image,
    turns: [],
    schema: {},
    sampling: { temperature: 0, seed: 1, maxTokens: 512 },
    ...(embedded === undefined ? {} : { embedded }),
    timeoutMs,
  };
}
