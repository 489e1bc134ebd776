import type { Random } from './random.ts';
import type { Rectangle, Scene } from './scene.ts';
import type { JsonObject, Value } from './write.ts';

/** What is right about a picture, for one analysis. */
export interface Answerer {
  /** Pictures of which the right answer is known beyond doubt. */
  readonly suits: (scene: Scene) => boolean;
  readonly answer: (scene: Scene, random: Random) => Value;
}

export const isClear = ({ light, isBlurred, isFlat }: Scene) => light === 'normal' && !isBlurred && !isFlat;

/** A box as a good model sees it: not to the pixel, and never outside. */
export function seen({ x, y, width, height }: Rectangle, frame: Scene, random: Random): JsonObject {
  const near = (value: number, size: number, most: number) =>
    Math.min(most, Math.max(0, value + random.between(-0.02, 0.02) * size));
  const [left, top] = [near(x, width, frame.width), near(y, height, frame.height)];
  const [right, bottom] = [near(x + width, width, frame.width), near(y + height, height, frame.height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}
