import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { normalise } from '../../activities/images/normalise.ts';
import { type ImageFacts, imageFacts } from '../../activities/qa/image-facts.ts';
import { createEmbeddedProvider } from '../../activities/vision/embedded/index.ts';
import type { ImageForModel } from '../../activities/vision/provider.ts';
import { photographFolder, photographs } from '../../tools/demo/photographs.ts';
import type { Settings } from '../../config/settings.ts';
import { type Random, randomOf } from './random.ts';
import type { Rectangle } from './scene.ts';

/** A view of a photograph, and what a detector of its own sees in it: nearly the truth. */
export interface Photograph {
  readonly image: ImageForModel;
  readonly facts: ImageFacts;
  /** Boxes in pixels of the original. */
  readonly things: readonly { readonly label: string; readonly confidence: number; readonly box: Rectangle }[];
}

/** Different views of each photograph that the demo uses: parts, mirrored ones, other sizes. Those without a thing are left out. */
export async function makePhotographs(
  canon: Settings['vision']['image'],
  { seed, perPhotograph }: { seed: number; perPhotograph: number },
): Promise<Photograph[]> {
  const folder = photographFolder();
  const detector = createEmbeddedProvider();
  const made: Photograph[] = [];
  try {
    for (const name of photographs)
      for (let index = 0; index < perPhotograph; index += 1) {
        const view = await viewOf(join(folder, name), randomOf('photograph', name, index, seed));
        const { bytes, ...size } = await normalise(view, canon);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const image: ImageForModel = { bytes, mime: 'image/jpeg', ...size, sha256, variant: 'optimised' };
        const things = await seenBy(detector, image);
        if (things.length > 0) made.push({ image, facts: await imageFacts(image), things });
      }
  } finally {
    await detector.close();
  }
  return made;
}

async function viewOf(file: string, { between, chance }: Random): Promise<Buffer> {
  const { width, height } = await sharp(file).metadata();
  const part = { width: Math.round(width * between(0.55, 1)), height: Math.round(height * between(0.55, 1)) };
  const left = Math.round((width - part.width) * between(0, 1));
  const top = Math.round((height - part.height) * between(0, 1));
  const smallest = Math.max(660 / part.width, 500 / part.height);
  const scale = between(Math.min(1, smallest), 1);
  const view = sharp(file)
    .extract({ left, top, ...part })
    .resize({ width: Math.round(part.width * scale) });
  return (chance(0.5) ? view.flop() : view).jpeg({ quality: 90 }).toBuffer();
}

async function seenBy(
  detector: ReturnType<typeof createEmbeddedProvider>,
  image: ImageForModel,
): Promise<Photograph['things']> {
  const { text } = await detector.infer(
    {
      ...{ model: 'embedded', system: '', image, turns: [], schema: {}, embedded: 'object-detection' },
      sampling: { temperature: 0, seed: 0, maxTokens: 0 },
      timeoutMs: 60_000,
    },
    new AbortController().signal,
  );
  const { objects } = JSON.parse(text) as {
    objects: { label: string; confidence: number; bbox_2d: [number, number, number, number] }[];
  };
  const across = image.originalWidth / image.width;
  const down = image.originalHeight / image.height;
  return objects.map(({ label, confidence, bbox_2d: [x1, y1, x2, y2] }) => {
    const box = { x: x1 * across, y: y1 * down, width: (x2 - x1) * across, height: (y2 - y1) * down };
    return { label, confidence, box };
  });
}
