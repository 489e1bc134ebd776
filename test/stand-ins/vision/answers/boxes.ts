import type { Random } from '../random.ts';

/** x1, y1, x2, y2: left, top, right, bottom. */
export type Corners = readonly [number, number, number, number];

/** Inside both a 640x480 image and a 0..1000 frame, so that boxes suit absolute and relative coordinates. */
const MIN_AT = 10;
const MAX_AT = 450;
const MIN_SIDE = 40;
const MAX_SIDE = 200;
const TRIES = 30;

/**
 * Boxes of one answer: of different sizes, apart from each other as long as there is room, and rather where something
 * stands out than where nothing does.
 */
export class BoxLayout {
  readonly #random: Random;
  readonly #edges: (box: Corners) => number;
  readonly #placed: Corners[] = [];

  constructor(random: Random, edges: (box: Corners) => number = () => 0) {
    this.#random = random;
    this.#edges = edges;
  }

  next(): Corners {
    const places = Array.from({ length: TRIES }, () => this.#somewhere());
    const shared = new Map(places.map((place) => [place, this.#shared(place)]));
    const least = Math.min(...shared.values());
    const free = places.filter((place) => shared.get(place) === least);
    const best = free.reduce((a, b) => (this.#edges(b) > this.#edges(a) ? b : a));
    this.#placed.push(best);
    return best;
  }

  #somewhere(): Corners {
    // Later boxes are smaller, else the first few would leave no room.
    const largest = Math.max(MIN_SIDE + 20, MAX_SIDE - 20 * this.#placed.length);
    const width = this.#random.integer(MIN_SIDE, largest);
    const height = this.#random.integer(MIN_SIDE, largest);
    const x = this.#random.integer(MIN_AT, MAX_AT - width);
    const y = this.#random.integer(MIN_AT, MAX_AT - height);
    return [x, y, x + width, y + height];
  }

  #shared(box: Corners): number {
    return this.#placed.reduce((sum, other) => sum + sharedArea(box, other), 0);
  }
}

function sharedArea(a: Corners, b: Corners): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return Math.max(0, width) * Math.max(0, height);
}

/** Property names of a box, and what each means. */
const SIDES: Readonly<Record<string, (box: Corners) => number>> = {
  x: ([x1]) => x1,
  x1: ([x1]) => x1,
  xmin: ([x1]) => x1,
  left: ([x1]) => x1,
  y: ([, y1]) => y1,
  y1: ([, y1]) => y1,
  ymin: ([, y1]) => y1,
  top: ([, y1]) => y1,
  x2: ([, , x2]) => x2,
  xmax: ([, , x2]) => x2,
  right: ([, , x2]) => x2,
  y2: ([, , , y2]) => y2,
  ymax: ([, , , y2]) => y2,
  bottom: ([, , , y2]) => y2,
  width: ([x1, , x2]) => x2 - x1,
  height: ([, y1, , y2]) => y2 - y1,
};

/** The sides of a box among the properties of an object; none unless there are all four. */
export function boxSides(properties: readonly string[]): ReadonlyMap<string, (box: Corners) => number> {
  const sides = properties.flatMap((name) => {
    const side = SIDES[plainName(name)];
    return side ? [[name, side] as const] : [];
  });
  return new Map(sides.length === 4 ? sides : []);
}

/** The four numbers under a property of this name: COCO's `bbox` is a corner and a size, Gemini's `box_2d` y before x. */
export function boxNumbers(name: string, box: Corners): readonly number[] {
  const [x1, y1, x2, y2] = box;
  if (plainName(name) === 'bbox') return [x1, y1, x2 - x1, y2 - y1];
  return plainName(name) === 'box2d' ? [y1, x1, y2, x2] : box;
}

/** Whether a property of this name holds a box as a list of corners, or several. */
export function isBoxName(name: string): boolean {
  return /^(bbox2d|box2d|boundingbox|bbox|box)(es)?$/.test(plainName(name));
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}
