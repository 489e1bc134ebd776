import { type Colour, colours, distance } from './colours.ts';
import { type Random } from './random.ts';

/** Pixels of the original. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Thing {
  readonly label: string;
  readonly colour: Colour;
  readonly box: Rectangle;
}

/** A picture as it is known before it is drawn. */
export interface Scene {
  readonly kind: SceneKind;
  /** Pixels of the original, after orientation. */
  readonly width: number;
  readonly height: number;
  /** Pixels of what the model sees. */
  readonly sent: { readonly width: number; readonly height: number };
  readonly background: Colour;
  readonly things: readonly Thing[];
  /** Written on the things with the label `sign`. */
  readonly words?: string;
  readonly light: 'under' | 'normal' | 'over';
  readonly isBlurred: boolean;
  readonly isFlat: boolean;
}

/** Share of its box that a shape fills. */
export const fill: Readonly<Record<string, number>> = {
  circle: Math.PI / 4,
  square: 1,
  rectangle: 1,
  triangle: 0.5,
  ellipse: Math.PI / 4,
  diamond: 0.5,
  person: 0.52,
  sign: 1,
};
const shapes = ['circle', 'square', 'rectangle', 'triangle', 'ellipse', 'diamond'];
const equalSides = new Set(['circle', 'square']);

const signWords = ['EXIT', 'OPEN', 'SORRY WE ARE CLOSED', 'NO ENTRY', 'N/A', 'EXAMPLE', "I CAN'T STOP", 'STRING SHOP'];
/** Words by language; the drawn letters have no accents. */
export const foreignWords: Readonly<Record<string, string>> = {
  AUSGANG: 'German',
  'NICHT BETRETEN': 'German',
  APOTHEKE: 'German',
  SORTIE: 'French',
  'DEFENSE DE FUMER': 'French',
  SALIDA: 'Spanish',
  OBRAS: 'Spanish',
};

/** What a picture can be of. Each makes its things; the rest is common. */
const kinds = {
  shapes: (random, frame) => place(random, frame, random.int(2, 6), shapes, [0.1, 0.3]),
  people: (random, frame) => [...place(random, frame, random.int(1, 5), ['person'], [0.12, 0.28])],
  blank: () => [],
  tiny: (random, frame) => place(random, frame, random.int(1, 4), shapes, [0.015, 0.025]),
  full: (random, frame) => [
    { label: random.pick(['square', 'rectangle']), colour: random.pick(frame.palette), box: wholeOf(frame) },
  ],
  alike: (random, frame) => {
    const alike = random.pick(shapes);
    return place(random, frame, random.int(8, 14), [alike], [0.06, 0.11]);
  },
  row: (random, frame) => rowOf(random, frame),
  sign: (random, frame) => place(random, frame, 1, ['sign'], [0.45, 0.6]),
  foreign: (random, frame) => place(random, frame, 1, ['sign'], [0.45, 0.6]),
  edge: (random, frame) => [{ label: 'rectangle', colour: random.pick(frame.palette), box: atTheEdge(random, frame) }],
  dark: (random, frame) => place(random, frame, random.int(2, 5), shapes, [0.1, 0.3]),
  bright: (random, frame) => place(random, frame, random.int(2, 5), shapes, [0.1, 0.3]),
  blurred: (random, frame) => place(random, frame, random.int(2, 5), shapes, [0.1, 0.3]),
  crowd: (random, frame) => place(random, frame, random.int(90, 140), ['person'], [0.045, 0.07]),
  flat: (random, frame) => place(random, frame, random.int(2, 5), shapes, [0.1, 0.3]),
} as const satisfies Record<string, (random: Random, frame: Frame) => Thing[]>;
export type SceneKind = keyof typeof kinds;
export const sceneKinds = Object.keys(kinds) as SceneKind[];

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly Colour[];
}

const step = 28;
const sizes = [
  ...[
    [1036, 784],
    [1148, 756],
    [1288, 728],
    [1400, 1036],
    [924, 924],
    [1680, 1120],
  ],
  ...[
    [784, 1036],
    [756, 1148],
    [728, 1288],
    [1036, 1400],
  ],
] as const;

/** A picture of a kind: the same one for the same numbers. */
export function sceneOf(kind: SceneKind, random: Random): Scene {
  const [width = step, height = step] = random.pick(sizes);
  // a camera's pixels: more than the model sees, and never quite in its proportions
  const scale = random.pick([1, 1.37, 2.05, 2.4]);
  const original = { width: Math.round(width * scale) + random.int(-9, 9), height: Math.round(height * scale) };
  const background = random.pick(kind === 'full' ? colours.filter(({ name }) => name === 'white') : colours);
  const palette = colours.filter(({ rgb }) => distance(rgb, background.rgb) > 130);
  return {
    kind,
    ...original,
    sent: { width, height },
    background,
    things: kinds[kind](random, { ...original, palette }),
    ...(kind === 'sign' && { words: random.pick(signWords) }),
    ...(kind === 'foreign' && { words: random.pick(Object.keys(foreignWords)) }),
    light: kind === 'dark' ? 'under' : kind === 'bright' ? 'over' : 'normal',
    isBlurred: kind === 'blurred',
    isFlat: kind === 'flat',
  };
}

/** Things that do not touch, each of a size between two shares of the shorter side. */
function place(
  random: Random,
  frame: Frame,
  count: number,
  labels: readonly string[],
  [least, most]: readonly [number, number],
): Thing[] {
  const things: Thing[] = [];
  const side = Math.min(frame.width, frame.height);
  for (let trial = 0; trial < count * 40 && things.length < count; trial += 1) {
    const label = random.pick(labels);
    const size = side * random.between(least, most);
    const shape =
      label === 'person' ? 0.36 : label === 'sign' ? 1.5 : equalSides.has(label) ? 1 : random.between(0.6, 1.7);
    const [width, height] = shape > 1 ? [size, size / shape] : [size * shape, size];
    const margin = side * 0.02;
    const box = {
      ...{ x: random.between(margin, frame.width - width - margin), width },
      ...{ y: random.between(margin, frame.height - height - margin), height },
    };
    if (things.every((thing) => areApart(thing.box, box, side * 0.012)))
      things.push({ label, colour: random.pick(frame.palette), box });
  }
  return things;
}

/** As on a shelf: of one kind, side by side, and no two quite alike. */
function rowOf(random: Random, { width, height, palette }: Frame): Thing[] {
  const count = random.int(5, 7);
  const [label, colour] = [random.pick(['rectangle', 'ellipse', 'diamond']), random.pick(palette)];
  return Array.from({ length: count }, (_, index) => {
    const cell = (width * 0.92) / count;
    const size = { width: cell * random.between(0.5, 0.72), height: height * random.between(0.2, 0.3) };
    const x = width * 0.04 + index * cell + random.between(0, cell - size.width);
    return { label, colour, box: { x, y: height * random.between(0.4, 0.46), ...size } };
  });
}

const wholeOf = ({ width, height }: Frame): Rectangle => ({ x: 0, y: 0, width, height });

function atTheEdge(random: Random, { width, height }: Frame): Rectangle {
  const share = random.between(0.2, 0.6);
  return random.pick([
    { x: 0, y: 0, width: width * share, height },
    { x: width * (1 - share), y: 0, width: width * share, height: height * random.between(0.4, 0.9) },
    { x: 0, y: height * (1 - share), width, height: height * share },
  ]);
}

const areApart = (a: Rectangle, b: Rectangle, gap: number) =>
  a.x + a.width + gap < b.x || b.x + b.width + gap < a.x || a.y + a.height + gap < b.y || b.y + b.height + gap < a.y;
