import { askedNames, boxWriter, type Fields, isName, type Json, places, put, textAt } from '../write.ts';
import { boxListOf } from './box-list.ts';
import type { FaultTable } from './types.ts';

const nonsense = [
  'xkqz',
  'qwrtz',
  'object_3',
  'class_42',
  'obj12',
  '12',
  '###',
  '_',
  'id: 7',
  '?',
  'aaaaaaaa',
  'label1',
  'c1rc1e%',
  '0.93',
];
const withRest = [
  (label: string) => `${label} (120, 44, 310, 220)`,
  (label: string) => `${label}: 0.93`,
  (label: string) => `"label": "${label}"`,
  (label: string) => `${label}", "confidence": 95`,
  (label: string) => `<ref>${label}</ref>`,
  (label: string) => `${label}<|box_end|>`,
  (label: string) => `{${label}}`,
  (label: string) => `${label} [12, 88, 140, 230]`,
];
const elsewhere = ['dog', 'bicycle', 'teapot', 'tree', 'laptop', 'banana'];
const pseudoWords = ['florbin', 'trandel', 'mopsket', 'drovel', 'quandle', 'bintrop', 'glavion'];

const onNames =
  (change: (label: string, pick: <T>(items: readonly T[]) => T) => string) =>
  ({ question, model, random }: Parameters<FaultTable[string]['plant']>[0]) => {
    const names = places(question.definition, model).filter(isName);
    if (names.length === 0) return undefined;
    const chosen = random.chance(0.5) ? names : random.some(names, random.int(1, names.length));
    for (const place of chosen) put(place, change(textAt(place), random.pick));
    return { json: model };
  };

/** Numbers of things and what they are called. */
export const countFaults: FaultTable = {
  'impossible count': {
    slugs: ['people-count'],
    plant: ({ model, random }) => {
      model['people_count'] = random.pick([-1, -7, 2.5, 0.1, 1_000_000, 7_900_000_000, 501, 4_000, 12_345]);
      return { json: model };
    },
  },
  'count that contradicts the boxes': {
    slugs: ['people-count'],
    plant: ({ model, random, question }) => {
      const boxes = model['boxes'] as Json[];
      const count = boxes.length;
      // a crowd may be more than its boxes
      if (question.scene.kind === 'crowd') return undefined;
      const other = random.pick([0, count + 1, count + 2, Math.max(0, count - 1), count * 2 + 4, random.int(0, 12)]);
      if (other === count) return undefined;
      model['people_count'] = other;
      return { json: model };
    },
  },
  'label that is no word': { slugs: ['object-detection'], plant: onNames((_, pick) => pick(nonsense)) },
  'label of a template for all': {
    slugs: ['object-detection'],
    plant: ({ question, model, random }) => {
      const names = places(question.definition, model).filter(isName);
      if (names.length === 0) return undefined;
      for (const place of names)
        put(place, random.pick(['label', 'Label', 'a label', 'label name', 'image', 'the image']));
      return { json: model };
    },
  },
  'label with something else in it': {
    slugs: ['object-detection'],
    plant: onNames((label, pick) => pick(withRest)(label).slice(0, 60)),
  },
  'label outside the vocabulary': {
    slugs: ['object-detection'],
    plant: (subject) =>
      subject.question.definition.qa === undefined
        ? undefined
        : onNames((_, pick) => pick([...elsewhere, ...pseudoWords]))(subject),
  },
  'thing outside the list of things': {
    slugs: ['vehicle-detection'],
    plant: ({ model, random, question: { definition, scene } }) => {
      const names = askedNames(vehicleFields(definition.fields), definition.coordinates);
      const box = { x: 0, y: 0, width: scene.width * 0.4, height: scene.height * 0.3 };
      const values = [random.pick(['hovercraft', 'spaceship', 'sledge', 'shape']), 'red', 'side', 80];
      const entry = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
      const written = boxWriter(definition.coordinates, scene)(box);
      model['vehicles'] = [{ ...entry, [names.at(-1) ?? '']: written }];
      model['traffic'] = 'light';
      return { json: model };
    },
  },
  'label that sounds like a word': {
    slugs: ['object-detection'],
    hard: 'it could be the name of a thing that nobody here knows',
    plant: (subject) =>
      subject.question.definition.qa === undefined ? onNames((_, pick) => pick(pseudoWords))(subject) : undefined,
  },
  'label of another thing': {
    slugs: ['object-detection'],
    hard: 'only the content of the image tells',
    plant: (subject) =>
      subject.question.definition.qa === undefined ? onNames((_, pick) => pick(elsewhere))(subject) : undefined,
  },
  'one of the people overlooked': {
    slugs: ['people-count'],
    scenes: ['people'],
    hard: 'only the content of the image tells',
    plant: (subject) => {
      const list = boxListOf(subject);
      if (!list || list.items().length < 2) return undefined;
      list.replace(list.items().slice(1));
      return { json: subject.model };
    },
  },
};

function vehicleFields({ vehicles }: Fields): Fields {
  return vehicles?.type === 'list' && vehicles.items.type === 'object' ? vehicles.items.fields : {};
}
