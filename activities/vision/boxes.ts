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

/** How each mode writes boxes: the range of its numbers and whether y comes first. */
const modes: Record<
  CoordinateMode,
  { readonly range: number | 'pixels'; readonly yFirst: boolean; readonly words: string }
> = {
  pixels: { range: 'pixels', yFirst: false, words: '[x1, y1, x2, y2] in pixels of this image' },
  rel1000: { range: 1000, yFirst: false, words: '[x1, y1, x2, y2], each from 0 to 1000 relative to the image' },
  'rel1000-yx': { range: 1000, yFirst: true, words: '[y1, x1, y2, x2], each from 0 to 1000 relative to the image' },
  rel1: { range: 1, yFirst: false, words: '[x1, y1, x2, y2], each from 0 to 1 relative to the image' },
};

export const describeBox = (mode: CoordinateMode) => `box ${modes[mode].words}`;

/** Four finite numbers. JSON allows 1e999, which reads as Infinity. Where they lie is for the domain stage to judge. */
export const modelBoxSchema = (mode: CoordinateMode) =>
  z.tuple([z.number(), z.number(), z.number(), z.number()], { error: `must be a ${describeBox(mode)}` });

/** Corners in any order become left, top, right, bottom; everything is scaled to the original and rounded to 0.1 px. */
export function toPixels(corners: readonly number[], frame: Frame): Box {
  const { range, yFirst } = modes[frame.mode];
  const [a = 0, b = 0, c = 0, d = 0] = corners;
  const [x1, y1, x2, y2] = yFirst ? [b, a, d, c] : [a, b, c, d];
  const scaleX = frame.originalWidth / (range === 'pixels' ? frame.sentWidth : range);
  const scaleY = frame.originalHeight / (range === 'pixels' ? frame.sentHeight : range);
  const left = Math.min(x1, x2) * scaleX;
  const top = Math.min(y1, y2) * scaleY;
  return {
    x: tenth(left),
    y: tenth(top),
    width: tenth(Math.abs(x2 - x1) * scaleX),
    height: tenth(Math.abs(y2 - y1) * scaleY),
  };
}

export const tenth = (value: number) => Math.round(value * 10) / 10;
