import type { Field } from '../../../workflows/goflow/contracts/analysis.ts';
import { type Json, type JsonObject, type Place, places, put, read } from '../write.ts';
import { capital } from '../sentences.ts';
import type { FaultTable, Subject } from './types.ts';

const placesOf = ({ question, model }: Subject) => places(question.definition, model);
const isNumber = ({ field }: Place) => ['integer', 'number', 'percent', 'box'].includes(field.type);

/** Values of another type than each field has. */
const wrongTypes: Record<Field['type'], readonly Json[]> = {
  string: [12, null, ['text'], { text: 'text' }, true],
  enum: [1, null, [], { value: 'normal' }, false],
  boolean: ['true', 1, null, 'yes'],
  integer: ['three', null, [3], { value: 3 }, '3 or 4', true],
  number: ['0.5 of it', null, [0.5], { share: 0.5 }],
  percent: ['high', null, 'very sure', [95], { value: 95 }],
  'hex-colour': [16711680, null, [255, 0, 0], { r: 255, g: 0, b: 0 }],
  box: ['120, 44, 310, 220', null, 17, { left: 1 }],
  list: ['none', null, {}, 3, 'a, b, c'],
  object: ['circle', null, [], 7],
};

/** JSON has no word for these; models write them all the same, and 1e999 even parses. */
const notFinite = ['NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '6.7e1777'];
const marker = '@@number@@';

function withNumber(subject: Subject, text: string) {
  const { model, random } = subject;
  const found = placesOf(subject).filter(isNumber);
  if (found.length === 0) return undefined;
  const place = random.pick(found);
  if (place.field.type === 'box') {
    const corners = [...(read(place) as Json[])];
    corners[random.int(0, 3)] = marker;
    put(place, corners);
  } else put(place, marker);
  return { text: JSON.stringify(model).replace(`"${marker}"`, text) };
}

/** Far from what a field allows. */
function beyond({ field }: Place, subject: Subject): Json | undefined {
  const { random } = subject;
  if (field.type === 'percent') return random.pick([101, 470, -5, 950, 1000, -1, 120, 100_000]);
  if (field.type !== 'integer' && field.type !== 'number') return undefined;
  const width = field.maximum - field.minimum;
  return random.pick([
    field.maximum + Math.max(1, Math.ceil(width * random.between(0.01, 3))),
    field.minimum - random.int(1, 90),
  ]);
}

/** What happens to the frame in which an answer is written. */
export const structureFaults: FaultTable = {
  'wrong type': {
    plant: (subject) => {
      const place = subject.random.pick(placesOf(subject));
      put(place, subject.random.pick(wrongTypes[place.field.type]));
      return { json: subject.model };
    },
  },
  'written as in another language': {
    plant: ({ model, random }) => {
      const text = JSON.stringify(model);
      const ways = [
        () => text.replace(/\}$/, ',}'),
        () => text.replace(/\]/g, ', ]').replace(/\[, \]/g, '[]'),
        () => text.replace(/^\{/, '{ // as seen in the picture\n'),
        () => (/['\\]/.test(text) ? undefined : text.replaceAll('"', "'")),
        () => text.replace(/(?<=:)(true|false)(?=[,}])/g, (word) => capital(word)),
      ];
      const written = random.pick(ways)();
      return written === undefined || written === text ? undefined : { text: written };
    },
  },
  'number in quotation marks': {
    plant: (subject) => {
      const found = placesOf(subject).filter((place) => typeof read(place) === 'number');
      if (found.length === 0) return undefined;
      for (const place of subject.random.some(found, subject.random.int(1, found.length)))
        put(place, JSON.stringify(read(place)));
      return { json: subject.model };
    },
  },
  'missing field': {
    plant: (subject) => {
      const place = subject.random.pick(placesOf(subject).filter(({ holder }) => !Array.isArray(holder)));
      const holder = place.holder as JsonObject;
      Reflect.deleteProperty(holder, place.key);
      return { json: subject.model };
    },
  },
  'field under another name': {
    plant: (subject) => {
      const { random, model } = subject;
      const { holder, key } = random.pick(placesOf(subject).filter((place) => !Array.isArray(place.holder)));
      const other = random.pick([
        `${key}_value`,
        String(key).toUpperCase(),
        `the_${key}`,
        `${key}s`,
        `${key} `,
        'value',
      ]);
      const entries = Object.entries(holder).map(([name, value]) => [name === key ? other : name, value] as const);
      for (const [name] of Object.entries(holder)) Reflect.deleteProperty(holder, name);
      Object.assign(holder, Object.fromEntries(entries));
      return { json: model };
    },
  },
  'not a finite number': { plant: (subject) => withNumber(subject, subject.random.pick(notFinite)) },
  'number out of range': {
    plant: (subject) => {
      const found = placesOf(subject).filter((place) => beyond(place, subject) !== undefined);
      if (found.length === 0) return undefined;
      const place = subject.random.pick(found);
      put(place, beyond(place, subject) ?? null);
      return { json: subject.model };
    },
  },
  'fraction for a percentage': {
    plant: (subject) => {
      const found = placesOf(subject).filter(({ field }) => field.type === 'percent');
      if (found.length === 0) return undefined;
      for (const place of found) put(place, subject.random.int(1, 99) / 100);
      return { json: subject.model };
    },
  },
  'invented word of an enumeration': {
    plant: (subject) => {
      const found = placesOf(subject).filter(({ field }) => field.type === 'enum');
      if (found.length === 0) return undefined;
      const words = [
        'slightly over',
        'ok',
        'excellent',
        'balanced',
        'underexposed',
        'fair',
        'medium',
        'n/a',
        'correct',
        '3',
      ];
      const place = subject.random.pick(found);
      const { values } = place.field as { values: readonly string[] };
      put(place, subject.random.pick(words.filter((word) => !values.includes(word))));
      return { json: subject.model };
    },
  },
  'answer wrapped in another': {
    plant: ({ model, random, question }) => {
      const name = random.pick(['answer', 'result', 'response', 'output', 'data', 'json', question.definition.slug]);
      const lists = Object.values(model).filter((value) => Array.isArray(value));
      const wraps: Json[] = [{ [name]: model }, [model], [[model]], { [name]: [model] }, ...lists];
      return { json: random.pick(wraps) };
    },
  },
  'more items than the list may hold': {
    plant: (subject) => {
      const { random, model } = subject;
      const lists = placesOf(subject).filter(
        (place) => place.field.type === 'list' && (read(place) as Json[]).length > 0,
      );
      if (lists.length === 0) return undefined;
      const place = random.pick(lists);
      if (place.field.type !== 'list') return undefined;
      const items = read(place) as Json[];
      const count = place.field.maxItems + random.int(1, 60);
      put(
        place,
        Array.from({ length: count }, (_, index) => items[index % items.length] ?? null),
      );
      return { json: model };
    },
  },
  'box of another shape': {
    slugs: ['object-detection', 'people-count'],
    plant: (subject) => {
      const boxes = placesOf(subject).filter(({ field }) => field.type === 'box');
      if (boxes.length === 0) return undefined;
      for (const place of subject.random.some(boxes, subject.random.int(1, boxes.length))) {
        const [a = 0, b = 0, c = 0, d = 0] = read(place) as number[];
        const shapes: Json[] = [
          [a, b, c],
          [a, b, c, d, 1],
          [
            [a, b],
            [c, d],
          ],
          { x: a, y: b, width: c, height: d },
          [],
          [a, b],
          [`${a}`, `${b}`, `${c}`, `${d}`],
        ];
        put(place, subject.random.pick(shapes));
      }
      return { json: subject.model };
    },
  },
};
