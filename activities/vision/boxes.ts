import { z } from 'zod';
import type { CoordinateMode } from '../../workflows/goflow/contracts/analysis.ts';

/** A box as it leaves this program: pixels of the auto-oriented original. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is needed to bring a model's box back to the original. */
export interface Frame {
  readonly mode: CoordinateMode;
  readonly sentWidth: number;
  readonly sentHeight: number;
  readonly originalWidth: number;
  readonly originalHeight: number;
}

interface Notation {
  /** What the numbers count: pixels of the image as sent, or parts of a side. */
  readonly unit: 'pixels' | 1000 | 1;
  readonly isYFirst?: true;
  /** One corner, width and height instead of two corners. */
  readonly isSize?: true;
  /** Parts of the square in whose middle the server puts the image: llama.cpp does so for gemma3. */
  readonly isSquare?: true;
}

const notations: Record<CoordinateMode, Notation> = {
  pixels: { unit: 'pixels' },
  'pixels-yx': { unit: 'pixels', isYFirst: true },
  'pixels-size': { unit: 'pixels', isSize: true },
  'pixels-yx-size': { unit: 'pixels', isYFirst: true, isSize: true },
  rel1000: { unit: 1000 },
  'rel1000-yx': { unit: 1000, isYFirst: true },
  'rel1000-size': { unit: 1000, isSize: true },
  'rel1000-yx-size': { unit: 1000, isYFirst: true, isSize: true },
  'rel1000-yx-square': { unit: 1000, isYFirst: true, isSquare: true },
  rel1: { unit: 1 },
  'rel1-yx': { unit: 1, isYFirst: true },
  'rel1-size': { unit: 1, isSize: true },
  'rel1-yx-size': { unit: 1, isYFirst: true, isSize: true },
};

export const describeBox = (mode: CoordinateMode) => {
  const { unit, isYFirst, isSize } = notations[mode];
  const names = isSize ? ['x', 'y', 'width', 'height'] : ['x1', 'y1', 'x2', 'y2'];
  const range = unit === 'pixels' ? 'in pixels of this image' : `each from 0 to ${unit} relative to the image`;
  return `box [${inOrder(names, isYFirst).join(', ')}]${unit === 'pixels' ? ' ' : ', '}${range}`;
};

/** Whether a model must know the size of the image to write a box. */
export const countsPixels = (mode: CoordinateMode) => notations[mode].unit === 'pixels';

/** The property under which models have learnt to write such a box: Qwen's, Gemini's and Gemma's, COCO's. */
export function boxProperty(mode: CoordinateMode): string {
  const { isYFirst, isSize } = notations[mode];
  if (isSize) return 'bbox';
  return isYFirst ? 'box_2d' : 'bbox_2d';
}

/**
 * What a server is asked to keep to. Whole numbers, since a grammar bounds no others, and far above any image: a model
 * that falls into another unit is to be found out by QA and not bent by the grammar into a box that looks right.
 */
export const boxJsonSchema = (mode: CoordinateMode) => ({
  type: 'array',
  items:
    notations[mode].unit === 1
      ? { type: 'number', minimum: 0, maximum: 1 }
      : { type: 'integer', minimum: 0, maximum: 9999 },
  minItems: 4,
  maxItems: 4,
});

/** Four finite numbers. JSON allows 1e999, which reads as Infinity. Where they lie is for the domain stage to judge. */
export const modelBoxSchema = (mode: CoordinateMode) =>
  z.tuple([z.number(), z.number(), z.number(), z.number()], { error: `must be a ${describeBox(mode)}` });

/** Corners in any order become left, top, right, bottom; everything is scaled to the original and rounded to 0.1 px. */
export function toPixels(numbers: readonly number[], frame: Frame): Box {
  const { isYFirst, isSize } = notations[frame.mode];
  const [a = 0, b = 0, c = 0, d = 0] = inOrder(numbers, isYFirst);
  const [acrossTo, downTo] = isSize ? [a + c, b + d] : [c, d];
  const { sentWidth, sentHeight } = frame;
  const scaleX = frame.originalWidth / sentWidth;
  const scaleY = frame.originalHeight / sentHeight;
  const [across, down] = [seenSide(frame, sentWidth), seenSide(frame, sentHeight)];
  const left = (Math.min(a, acrossTo) * across.pixelsPerUnit - across.margin) * scaleX;
  const top = (Math.min(b, downTo) * down.pixelsPerUnit - down.margin) * scaleY;
  return {
    x: tenth(left),
    y: tenth(top),
    width: tenth(Math.abs(acrossTo - a) * across.pixelsPerUnit * scaleX),
    height: tenth(Math.abs(downTo - b) * down.pixelsPerUnit * scaleY),
  };
}

/** One unit of the last place to which models write a number, in pixels of the original. */
export function lastPlace(frame: Frame): number {
  const { originalWidth, originalHeight, sentWidth, sentHeight } = frame;
  const pixels = Math.max(originalWidth / sentWidth, originalHeight / sentHeight);
  if (notations[frame.mode].unit === 'pixels') return pixels;
  return (pixels * Math.max(sentWidth, sentHeight)) / 1000;
}

/** How the model's numbers run along one side of the image as sent; the margin is what the server put before it. */
function seenSide({ mode, sentWidth, sentHeight }: Frame, sentSide: number) {
  const { unit, isSquare } = notations[mode];
  const side = isSquare ? Math.max(sentWidth, sentHeight) : sentSide;
  return { pixelsPerUnit: unit === 'pixels' ? 1 : side / unit, margin: (side - sentSide) / 2 };
}

/** x before y. It is its own inverse. */
function inOrder<T>(four: readonly T[], isYFirst: boolean | undefined): readonly T[] {
  const [a, b, c, d] = four;
  return isYFirst ? ([b, a, d, c] as T[]) : four;
}

export const tenth = (value: number) => Math.round(value * 10) / 10;
