import type { Look } from '../engine/look.ts';
import type { Corners } from './boxes.ts';

const SAMPLES = 12;
/** What a relative coordinate of 1 stands for in the frame of `BoxLayout`. */
const UNIT_FRAME = 500;

/**
 * How clearly the sides of a box stand out in the image, in grey levels: a thing has edges there.
 *
 * @param prompt says in which unit boxes are written
 */
export function edgesIn({ grey, width, height }: Look, prompt: string): (box: Corners) => number {
  const [across, down] = frameOf(prompt, width, height);
  const levelAt = (x: number, y: number): number => grey.levels[y * grey.side + x] ?? 0;
  const placeOf = (share: number): number => Math.min(grey.side - 2, Math.max(1, Math.round(share * grey.side)));
  const samples = (from: number, to: number): number[] =>
    Array.from({ length: SAMPLES }, (_, index) => placeOf(from + ((to - from) * (index + 0.5)) / SAMPLES));
  return (box) => {
    const [left, top, right, bottom] = [box[0] / across, box[1] / down, box[2] / across, box[3] / down];
    const steps = [
      ...[left, right]
        .map(placeOf)
        .flatMap((x) => samples(top, bottom).map((y) => levelAt(x + 1, y) - levelAt(x - 1, y))),
      ...[top, bottom]
        .map(placeOf)
        .flatMap((y) => samples(left, right).map((x) => levelAt(x, y + 1) - levelAt(x, y - 1))),
    ];
    return steps.reduce((sum, step) => sum + Math.abs(step), 0) / steps.length;
  };
}

function frameOf(prompt: string, width: number, height: number): readonly [number, number] {
  if (/from 0 to 1000\b/.test(prompt)) return [1000, 1000];
  return /from 0 to 1 relative/.test(prompt) ? [UNIT_FRAME, UNIT_FRAME] : [width, height];
}
