import type { Rectangle } from '../scene.ts';
import { boxWriter, type Notation, notationOf, put, read, writeBox } from '../write.ts';
import { boxListOf, type BoxList } from './box-list.ts';
import { gridOf } from './grids.ts';
import { inOtherNotation, shows } from './notations.ts';
import type { FaultTable, Plant, Subject } from './types.ts';

const withBoxes =
  (least: number, change: (list: BoxList, subject: Subject) => boolean | undefined): Plant =>
  (subject) => {
    const list = boxListOf(subject);
    if (!list || list.boxes().length < least) return undefined;
    return change(list, subject) === false ? undefined : { json: subject.model };
  };

const notationIn = ({ question }: Subject): Notation => notationOf(question.definition.coordinates);
const writerIn = ({ question }: Subject) => boxWriter(question.definition.coordinates, question.scene);

/** Rewrites some of the boxes, at least one. */
const someBoxes = (change: (box: number[], subject: Subject) => number[]): Plant =>
  withBoxes(1, (list, subject) => {
    const { random } = subject;
    const boxes = list.boxes();
    const chosen = random.chance(0.4) ? boxes : random.some(boxes, random.int(1, boxes.length));
    for (const place of chosen) put(place, change(read(place) as number[], subject));
    return true;
  });

/** Beyond an edge of the image by a good part of it. */
function outside({ question: { scene }, random }: Subject): Rectangle {
  const { width, height } = scene;
  const size = { width: width * random.between(0.1, 0.3), height: height * random.between(0.1, 0.3) };
  const away = random.between(0.15, 2);
  const along = { x: width * random.between(0, 0.7), y: height * random.between(0, 0.7) };
  return random.pick([
    { ...along, ...size, x: width * (1 + away) - size.width },
    { ...along, ...size, y: height * (1 + away) - size.height },
    { ...along, ...size, x: -width * away },
    { ...along, ...size, y: -height * away },
    { ...along, width: width * (1 + away), height: size.height },
  ]);
}

const otherSecond = ({ isSize }: Notation) => ({ isSize: !isSize });
const otherAxes = ({ isYFirst }: Notation) => ({ isYFirst: !isYFirst });

/** With sizes a corner is reversed by a size below zero. */
function reversed([a = 0, b = 0, c = 0, d = 0]: number[], subject: Subject): number[] {
  const { pick } = subject.random;
  if (notationIn(subject).isSize)
    return pick([
      [a + c, b + d, -c, -d],
      [a + c, b, -c, d],
      [a, b + d, c, -d],
    ]);
  return pick([
    [c, d, a, b],
    [c, b, a, d],
    [a, d, c, b],
  ]);
}

function withoutArea([a = 0, b = 0, c = 0, d = 0]: number[], subject: Subject): number[] {
  const { pick } = subject.random;
  if (notationIn(subject).isSize)
    return pick([
      [a, b, 0, d],
      [a, b, c, 0],
      [a, b, 0, 0],
      [0, 0, 0, 0],
    ]);
  return pick([
    [a, b, a, d],
    [a, b, c, b],
    [a, b, a, b],
    [0, 0, 0, 0],
  ]);
}

/** Half of them as if the model had looked a second time. */
function again(list: BoxList, { random, question }: Subject): boolean {
  const copies = Array.from({ length: random.int(1, 5) }, () => structuredClone(random.pick(list.items())));
  const before = list.items().length;
  list.replace([...list.items(), ...copies]);
  const step = notationOf(question.definition.coordinates).unit === 'rel1' ? 0.001 : 1;
  for (const place of random.chance(0.5) ? list.boxes().slice(before) : []) {
    const [a = 0, b = 0, c = 0, d = 0] = read(place) as number[];
    // by a unit, and only where the box is far larger
    if (Math.min(Math.abs(c - a), Math.abs(d - b)) > 60 * step)
      put(place, [a + random.int(0, 1) * step, b, c, d - random.int(0, 1) * step]);
  }
  return true;
}

const boxed = { slugs: ['object-detection', 'people-count', 'text-recognition', 'sign-detection', 'main-subject'] };
const listed = { slugs: ['object-detection', 'people-count'] };
const several = { scenes: ['shapes', 'people', 'alike', 'row'] } as const;

/** What models do to boxes. Ways of writing them that leave no trace are counted apart. */
export const boxFaults: FaultTable = {
  'box outside the image': {
    ...boxed,
    plant: (subject) =>
      someBoxes(() => writeBox(notationIn(subject), outside(subject), subject.question.scene))(subject),
  },
  'corners reversed': { ...boxed, plant: someBoxes(reversed) },
  'shares of 1 instead of larger units': {
    ...boxed,
    plant: inOtherNotation(
      () => ({ unit: 'rel1' }),
      () => true,
    ),
  },
  'pixels instead of shares of 1': {
    ...boxed,
    plant: inOtherNotation(
      () => ({ unit: 'pixels' }),
      (_, { unit }) => unit === 'rel1',
    ),
  },
  'thousandths instead of shares of 1': {
    ...boxed,
    plant: inOtherNotation(
      () => ({ unit: 'rel1000' }),
      (_, { unit }) => unit === 'rel1',
    ),
  },
  'pixels instead of thousandths': {
    ...boxed,
    plant: inOtherNotation(
      () => ({ unit: 'pixels' }),
      (boxes, { unit }) => unit === 'rel1000' && shows(boxes),
    ),
  },
  'sizes for corners, corners for sizes': { ...boxed, plant: inOtherNotation(otherSecond, shows) },
  'axes swapped, beyond the image': { ...boxed, plant: inOtherNotation(otherAxes, shows) },
  'the same box again': { ...listed, plant: withBoxes(1, again) },
  'boxes in a grid': {
    ...listed,
    plant: (subject) => {
      const list = boxListOf(subject);
      if (!list) return undefined;
      list.replaceBoxes(gridOf(subject.question.scene, subject.random));
      return { json: subject.model };
    },
  },
  'box without an area': { ...boxed, plant: someBoxes(withoutArea) },
  'whole image for everything': {
    ...listed,
    ...several,
    plant: withBoxes(2, (list, subject) => {
      const { width, height } = subject.question.scene;
      for (const place of list.boxes()) put(place, writerIn(subject)({ x: 0, y: 0, width, height }));
      return true;
    }),
  },
  'one box for different things': {
    slugs: ['object-detection'],
    scenes: ['shapes'],
    plant: withBoxes(3, (list, { question }) => {
      const labels = new Set(question.scene.things.map(({ label }) => label));
      const [first] = list.boxes();
      if (!first || labels.size < 3) return false;
      for (const place of list.boxes()) put(place, structuredClone(read(first)));
      return true;
    }),
  },
  'thousandths instead of pixels': {
    ...boxed,
    hard: 'on images near 1000 pixels both ways of writing give nearly the same numbers',
    plant: inOtherNotation(
      () => ({ unit: 'rel1000' }),
      (_, { unit }) => unit === 'pixels',
    ),
  },
  'other order of numbers, inside the image': {
    ...boxed,
    hard: 'every box is still a possible one',
    plant: (subject) =>
      inOtherNotation(subject.random.pick([otherSecond, otherAxes]), (boxes) => !shows(boxes))(subject),
  },
  'box beside the thing': {
    ...listed,
    ...several,
    hard: 'only the content of the image tells',
    plant: withBoxes(1, (list, subject) => {
      const { random, question } = subject;
      const { width, height } = question.scene;
      const size = { width: width * random.between(0.05, 0.2), height: height * random.between(0.05, 0.2) };
      const box = { x: random.between(0, width * 0.8), y: random.between(0, height * 0.8), ...size };
      put(random.pick(list.boxes()), writerIn(subject)(box));
      return true;
    }),
  },
};
