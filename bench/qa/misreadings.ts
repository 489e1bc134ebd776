import type { CoordinateMode } from '../../workflows/goflow/contracts/analysis.ts';
import type { Random } from './random.ts';
import type { Rectangle } from './scene.ts';

/** How a model writes its boxes, and how it is asked to. */
export interface Habit {
  readonly isRight?: true;
  readonly asked: CoordinateMode;
  readonly written: CoordinateMode;
  /** Of the sides of the image as sent: the size of the picture that the model sees. Drawn once for a model. */
  readonly seen?: (random: Random) => number;
  /** Where it sees a thing. The image's size in the same pixels. */
  readonly place?: (box: Rectangle, image: { readonly width: number; readonly height: number }) => Rectangle;
  /** How far a side of a box may lie beside the thing's, as a share of the box. */
  readonly sloppiness?: number;
  /** Only one thing of each image. */
  readonly isSparing?: true;
}

const right = (mode: CoordinateMode) => ({ isRight: true, asked: mode, written: mode }) as const;
const resized = (seen: number | ((random: Random) => number)): Habit => ({
  ...{ asked: 'pixels', written: 'pixels' },
  seen: typeof seen === 'number' ? () => seen : seen,
});

/** A fifth of the image to the right, or to the left where there is no room. */
const aside = (box: Rectangle, { width }: { readonly width: number }): Rectangle => {
  const far = box.x + box.width + width / 5 <= width;
  return { ...box, x: Math.max(0, box.x + (far ? 1 : -1) * (width / 5)) };
};

/** Right ones first. */
export const habits: Readonly<Record<string, Habit>> = {
  'right: pixels': right('pixels'),
  'right: thousandths': right('rel1000'),
  'right: thousandths, y first': right('rel1000-yx'),
  'right: pixels, sizes': right('pixels-size'),
  'right: pixels, sloppy': { ...right('pixels'), sloppiness: 0.15 },
  'right: thousandths, sloppy': { ...right('rel1000'), sloppiness: 0.15 },
  'right: pixels, one thing': { ...right('pixels'), isSparing: true },
  'right: thousandths, one thing': { ...right('rel1000'), isSparing: true },
  'sees half the size': resized(0.5),
  'sees 0.8 of the size': resized(0.8),
  'sees 0.5 to 0.85 of the size': resized(({ between }) => between(0.5, 0.85)),
  'sees 1.25 of the size': resized(1.25),
  'axes swapped, thousandths': { asked: 'rel1000', written: 'rel1000-yx' },
  'axes swapped, pixels': { asked: 'pixels', written: 'pixels-yx' },
  'corners read as sizes, pixels': { asked: 'pixels-size', written: 'pixels' },
  'corners read as sizes, thousandths': { asked: 'rel1000-size', written: 'rel1000' },
  'thousandths for pixels': { asked: 'pixels', written: 'rel1000' },
  'a fifth of the image beside': { asked: 'pixels', written: 'pixels', place: aside },
};
