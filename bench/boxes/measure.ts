import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Canon, type CanonicalImage, normalise } from '../../activities/images/normalise.ts';
import { toPixels } from '../../activities/vision/boxes.ts';
import { coordinateModeSchema, type CoordinateMode } from '../../workflows/goflow/contracts/analysis.ts';
import { openEye } from './eye.ts';
import { asWritten, type Edges, notations, type Size } from './notations.ts';
import { drawPicture, type Format, orientations } from './picture.ts';
import { randomNumbers, sizesAndMarks } from './sizes.ts';

/** Errors in pixels of the auto-oriented original: the worst edge of each box. */
export interface ModeErrors {
  readonly mode: CoordinateMode;
  readonly boxes: number;
  /** Of the mapping alone: from where the mark must lie in the image as sent. */
  readonly mapped: Errors;
  /** From where the mark really lies in the image as sent, with resize and JPEG between. */
  readonly seen: Errors;
  /** With the mark written in whole numbers, as models write: no code can be better than the numbers. */
  readonly written: Errors;
}

export interface Errors {
  readonly max: number;
  readonly mean: number;
}

/** What the families of models see untouched: qwen2.5vl, qwen3-vl, gemma4. */
const canons: readonly Canon[] = [28, 32, 48].map((gridPixels) => ({
  gridPixels,
  minPixels: 1024 * 28 * 28,
  maxPixels: 2_097_152,
}));
const formats: readonly Format[] = ['jpeg', 'jpeg', 'jpeg', 'png', 'webp'];

const nothingYet = (): Record<'mapped' | 'seen' | 'written', number[]> => ({ mapped: [], seen: [], written: [] });

/**
 * Draws pictures with known marks, normalises them with the product's code, writes the marks as models do with the
 * bench's own code, maps them with the product's code and compares.
 */
export async function measureBoxes(options: { readonly sizes: number; readonly seed: number }): Promise<ModeErrors[]> {
  const collected = new Map(coordinateModeSchema.options.map((mode) => [mode, nothingYet()]));
  const folder = await mkdtemp(join(tmpdir(), 'gf25-boxes-'));
  try {
    let index = 0;
    for (const { size, marks } of sizesAndMarks(options.sizes, randomNumbers(options.seed))) {
      const pick = <T>(list: readonly T[]): T => list[index % list.length] as T;
      const file = join(folder, `picture-${index}`);
      await writeFile(file, await drawPicture(size, marks, pick(orientations), pick(formats)));
      const image = await normalise(file, pick(canons));
      await rm(file);
      const find = await openEye(image.bytes);
      for (const mark of marks) {
        const ideal = scaled(mark, size, image);
        const found = find(ideal);
        for (const [mode, errors] of collected) {
          errors.mapped.push(errorOf(mode, ideal, mark, image));
          errors.seen.push(errorOf(mode, found, mark, image));
          errors.written.push(errorOf(mode, ideal, mark, image, asWritten));
        }
      }
      index += 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return [...collected].map(([mode, { mapped, seen, written }]) => {
    return { mode, boxes: mapped.length, mapped: summed(mapped), seen: summed(seen), written: summed(written) };
  });
}

/** Where a rectangle of the original lies in the image as sent: each direction by itself, since both go to the grid. */
const scaled = ({ left, top, right, bottom }: Edges, from: Size, to: Size): Edges => ({
  left: (left / from.width) * to.width,
  top: (top / from.height) * to.height,
  right: (right / from.width) * to.width,
  bottom: (bottom / from.height) * to.height,
});

function errorOf(
  mode: CoordinateMode,
  seen: Edges,
  truth: Edges,
  image: CanonicalImage,
  write: (mode: string, numbers: readonly number[]) => readonly number[] = (_, numbers) => numbers,
): number {
  const inMode = notations[mode];
  if (inMode === undefined) throw new Error(`the bench does not know how a model writes ${mode}`);
  const { width, height, originalWidth, originalHeight } = image;
  const numbers = write(mode, inMode(seen, { width, height }));
  const box = toPixels(numbers, { mode, sentWidth: width, sentHeight: height, originalWidth, originalHeight });
  const edges = [
    box.x - truth.left,
    box.y - truth.top,
    box.x + box.width - truth.right,
    box.y + box.height - truth.bottom,
  ];
  const worst = Math.max(...edges.map(Math.abs));
  return Number.isFinite(worst) ? worst : Number.POSITIVE_INFINITY;
}

function summed(errors: readonly number[]): Errors {
  return { max: Math.max(...errors), mean: errors.reduce((sum, error) => sum + error, 0) / errors.length };
}
