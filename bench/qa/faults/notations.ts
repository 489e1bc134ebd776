import type { Scene } from '../scene.ts';
import { type Json, type Notation, notationOf, put, writeBox } from '../write.ts';
import { boxListOf } from './box-list.ts';
import type { Plant } from './types.ts';

/** What the product takes a box for: its edges as shares of the image. */
type Edges = readonly [left: number, top: number, right: number, bottom: number];

/** Right boxes, all written in another way than was asked; only where they look as the test wants. */
export const inOtherNotation =
  (
    other: (asked: Notation) => Partial<Notation>,
    isWanted: (edges: readonly Edges[], asked: Notation) => boolean,
  ): Plant =>
  (subject) => {
    const { scene, definition } = subject.question;
    const asked = notationOf(definition.coordinates);
    const written = { ...asked, ...other(asked) };
    const isSame = JSON.stringify(asked) === JSON.stringify(written);
    const list = boxListOf(subject);
    if (isSame || asked.isSquare || !list || list.rectangles().length === 0) return undefined;
    const boxes = list.rectangles().map((box) => writeBox(written, box, scene));
    if (
      !isWanted(
        boxes.map((box) => edgesOf(box, asked, scene)),
        asked,
      )
    )
      return undefined;
    list.boxes().forEach((place, index) => put(place, boxes[index] as Json));
    return { json: subject.model };
  };

function edgesOf(box: readonly number[], { unit, isYFirst, isSize }: Notation, { sent }: Scene): Edges {
  const [a = 0, b = 0, c = 0, d = 0] = box;
  const [x, y, third, fourth] = isYFirst ? [b, a, d, c] : [a, b, c, d];
  const whole = { pixels: sent, rel1000: { width: 1000, height: 1000 }, rel1: { width: 1, height: 1 } }[unit];
  const [right, bottom] = isSize ? [x + third, y + fourth] : [third, fourth];
  return [x / whole.width, y / whole.height, right / whole.width, bottom / whole.height];
}

/** A box that nobody could draw: reversed, or far beyond an edge. */
export const shows = (boxes: readonly Edges[]): boolean =>
  boxes.some(([left, top, right, bottom]) => right < left || bottom < top || Math.max(right, bottom) > 1.08);
