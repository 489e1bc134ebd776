import type { Rectangle } from '../scene.ts';
import { boxWriter, type Json, type Place, put, read } from '../write.ts';
import { boxListOf, type BoxList } from './box-list.ts';
import type { FaultTable, Plant, Subject } from './types.ts';

const withBoxes =
  (least: number, change: (list: BoxList, subject: Subject) => boolean | undefined): Plant =>
  (subject) => {
    const list = boxListOf(subject);
    if (!list || list.boxes().length < least) return undefined;
    return change(list, subject) === false ? undefined : { json: subject.model };
  };

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
function outside({ scene }: Subject['question'], { random }: Subject): Rectangle {
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

const isInModel = (subject: Subject, ...modes: readonly string[]) =>
  modes.includes(subject.question.definition.coordinates);

/** All boxes of an answer written in another way than was asked. */
const inMode = (
  mode: Parameters<typeof boxWriter>[0],
  asked: readonly string[],
  isPlain: (boxes: number[][]) => boolean = () => true,
): Plant =>
  withBoxes(1, (list, subject) => {
    if (!isInModel(subject, ...asked)) return false;
    const rectangles = list.rectangles();
    const written = rectangles.map((box) => boxWriter(mode, subject.question.scene)(box) as number[]);
    if (!isPlain(written)) return false;
    list.boxes().forEach((place, index) => put(place, written[index] as Json));
    return true;
  });

const everySizeOrder = (isShown: boolean): Plant =>
  withBoxes(1, (list) => {
    const sizes = list.boxes().map((place) => {
      const [a = 0, b = 0, c = 0, d = 0] = read(place) as number[];
      return [a, b, c - a, d - b];
    });
    const shows = sizes.some(([a = 0, b = 0, c = 0, d = 0]) => c < a || d < b);
    list.boxes().forEach((place, index) => put(place, sizes[index] ?? null));
    return shows === isShown;
  });

const everySwapped = (isShown: boolean): Plant =>
  withBoxes(1, (list, subject) => {
    const { sent } = subject.question.scene;
    let shows = false;
    for (const place of list.boxes()) {
      const [a = 0, b = 0, c = 0, d = 0] = read(place) as number[];
      shows ||=
        isInModel(subject, 'pixels') && (Math.max(a, c) > sent.height * 1.12 || Math.max(b, d) > sent.width * 1.12);
      put(place, [b, a, d, c]);
    }
    return shows === isShown;
  });

const known = { slugs: ['object-detection', 'people-count'] };
const scenes = { scenes: ['shapes', 'people', 'alike', 'row'] } as const;

/** What models do to boxes. Two ways of writing them that leave no trace are counted apart. */
export const boxFaults: FaultTable = {
  'box outside the image': {
    ...known,
    plant: (subject) =>
      someBoxes(
        () =>
          boxWriter(
            subject.question.definition.coordinates,
            subject.question.scene,
          )(outside(subject.question, subject)) as number[],
      )(subject),
  },
  'corners reversed': {
    ...known,
    plant: someBoxes(([a = 0, b = 0, c = 0, d = 0], { random }) =>
      random.pick([
        [c, d, a, b],
        [c, b, a, d],
        [a, d, c, b],
      ]),
    ),
  },
  'shares of 1 instead of larger units': { ...known, plant: inMode('rel1', ['pixels', 'rel1000', 'rel1000-yx']) },
  'pixels instead of shares of 1': { ...known, plant: inMode('pixels', ['rel1']) },
  'thousandths instead of shares of 1': { ...known, plant: inMode('rel1000', ['rel1']) },
  'pixels instead of thousandths': {
    ...known,
    plant: inMode('pixels', ['rel1000'], (boxes) => boxes.some((box) => Math.max(...box) > 1080)),
  },
  'sizes instead of corners': { ...known, plant: everySizeOrder(true) },
  'axes swapped, beyond the image': { ...known, plant: everySwapped(true) },
  'the same box again': {
    ...known,
    plant: withBoxes(1, (list, { random }) => {
      const copies = Array.from({ length: random.int(1, 5) }, () => structuredClone(random.pick(list.items())));
      list.replace([...list.items(), ...copies]);
      return true;
    }),
  },
  'boxes in a grid': {
    ...known,
    plant: (subject) => {
      const list = boxListOf(subject);
      if (!list) return undefined;
      list.replaceBoxes(gridOf(subject));
      return { json: subject.model };
    },
  },
  'box without an area': {
    ...known,
    plant: someBoxes(([a = 0, b = 0, c = 0, d = 0], { random }) =>
      random.pick([
        [a, b, a, d],
        [a, b, c, b],
        [a, b, a, b],
        [0, 0, 0, 0],
      ]),
    ),
  },
  'whole image for everything': {
    ...known,
    ...scenes,
    plant: withBoxes(2, (list, { question }) => {
      const { width, height } = question.scene;
      for (const place of list.boxes())
        put(place, boxWriter(question.definition.coordinates, question.scene)({ x: 0, y: 0, width, height }));
      return true;
    }),
  },
  'one box for different things': {
    slugs: ['object-detection'],
    scenes: ['shapes', 'people'],
    plant: withBoxes(3, (list) => {
      const [first] = list.boxes();
      for (const place of list.boxes()) put(place, structuredClone(read(first as Place)));
      return true;
    }),
  },
  'thousandths instead of pixels': {
    ...known,
    hard: 'on images near 1000 pixels both ways of writing give nearly the same numbers',
    plant: inMode('rel1000', ['pixels']),
  },
  'sizes instead of corners, in order': {
    ...known,
    hard: 'every box is still a possible one',
    plant: everySizeOrder(false),
  },
  'axes swapped, inside the image': { ...known, hard: 'every box is still a possible one', plant: everySwapped(false) },
  'box beside the thing': {
    ...known,
    ...scenes,
    hard: 'only the content of the image tells',
    plant: withBoxes(1, (list, { question, random }) => {
      const { width, height } = question.scene;
      const [place] = random.some(list.boxes(), 1);
      const size = { width: width * random.between(0.05, 0.2), height: height * random.between(0.05, 0.2) };
      const box = { x: random.between(0, width * 0.8), y: random.between(0, height * 0.8), ...size };
      put(place as Place, boxWriter(question.definition.coordinates, question.scene)(box));
      return true;
    }),
  },
};

/** Rows, columns, steps or a field of equal boxes: what a model writes that has stopped looking. */
function gridOf({ question, random }: Subject): Rectangle[] {
  const { width, height } = question.scene;
  const [columns, rows] = random.pick([
    [random.int(6, 12), 1],
    [1, random.int(6, 10)],
    [random.int(3, 5), random.int(2, 4)],
  ] as const);
  const isStairs = random.chance(0.25);
  const cell = { x: (width * 0.96) / columns, y: (height * 0.96) / rows };
  const size = { width: cell.x * random.between(0.5, 1), height: cell.y * random.between(0.5, 1) };
  const count = Math.max(columns, rows);
  if (isStairs && columns * rows === count) {
    const stair = { x: (width * 0.8) / count, y: (height * 0.8) / count };
    const side = { width: width * 0.15, height: height * 0.15 };
    return Array.from({ length: count }, (_, index) => ({ x: index * stair.x, y: index * stair.y, ...side }));
  }
  return Array.from({ length: columns * rows }, (_, index) => ({
    ...{ x: width * 0.01 + (index % columns) * cell.x, y: height * 0.01 + Math.floor(index / columns) * cell.y },
    ...size,
  }));
}
