import { type Box, tenth } from '../vision/boxes.ts';
import type { Json } from '../vision/fields.ts';
import type { Finding, Fix, ParsedAnswer } from './types.ts';

/** Stage 3: can it be true? Small faults are fixed in place, larger ones go back to the model. */
export function checkDomain(answer: ParsedAnswer): { findings: Finding[]; fixes: Fix[] } {
  const findings: Finding[] = [];
  const fixes: Fix[] = [];
  for (const { path, box } of boxesOf(answer.result)) {
    const fault = boxInImage(box, path, answer);
    if (fault === undefined) continue;
    if ('fix' in fault) {
      Object.assign(box, fault.clamped);
      fixes.push(fault.fix);
    } else findings.push(fault);
  }
  return { findings, fixes };
}

/** A small overshoot is normal for detectors and models alike and is clamped; further out, the box is wrong. */
function boxInImage(
  box: Box,
  path: string,
  { image, settings }: ParsedAnswer,
): Finding | { readonly fix: Fix; readonly clamped: Box } | undefined {
  const { originalWidth: width, originalHeight: height } = image;
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const overshoot = Math.max(-box.x, -box.y, right - width, bottom - height);
  const words = `${path}: x ${box.x}..${tenth(right)}, y ${box.y}..${tenth(bottom)} leaves the image of ${width} x ${height}`;
  if (box.width <= 0 || box.height <= 0)
    return { rule: 'box-size', message: `${path}: the box is empty`, remedy: 'reask' };
  if (overshoot <= 0) return undefined;
  // a model's box is as coarse as the scale between what it saw and the original
  const scale = Math.max(width / image.width, height / image.height, 1);
  if (overshoot > settings.boxClampPixels * scale) return { rule: 'box-in-image', message: words, remedy: 'reask' };
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const clamped = {
    x: left,
    y: top,
    width: tenth(Math.min(width, right) - left),
    height: tenth(Math.min(height, bottom) - top),
  };
  // a box beside the image has nothing left of it
  if (clamped.width <= 0 || clamped.height <= 0) return { rule: 'box-in-image', message: words, remedy: 'reask' };
  return { fix: `${words}: clamped`, clamped };
}

/** Every object of the answer that is a box, wherever it stands. */
function* boxesOf(value: Json, path = ''): Generator<{ path: string; box: Box }> {
  if (typeof value !== 'object' || value === null) return;
  if (isBox(value)) yield { path, box: value };
  else for (const [key, item] of Object.entries(value)) yield* boxesOf(item, path === '' ? key : `${path}.${key}`);
}

const isBox = (value: object): value is Box =>
  'x' in value && 'y' in value && 'width' in value && 'height' in value && typeof value.x === 'number';
