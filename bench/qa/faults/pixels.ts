import { brightness, colours, distance, hexOf } from '../colours.ts';
import { description } from '../sentences.ts';
import type { Scene } from '../scene.ts';
import { isProse, type JsonObject, places, put } from '../write.ts';
import type { FaultTable, Subject } from './types.ts';

interface Entry extends JsonObject {
  hex: string;
  name: string;
  share: number;
}
const entriesOf = ({ model }: Subject) => model['colours'] as Entry[];
const palette = { slugs: ['colour-palette'] };
const quality = { slugs: ['image-quality'] };

/** Colours far from everything that was painted, skin and ink included. */
const absent = ({ background, things }: Scene) =>
  colours.filter(({ rgb }) =>
    [background, ...things.map(({ colour }) => colour)].every((used) => distance(used.rgb, rgb) > 150),
  );

const opposites: Readonly<Record<string, string>> = {
  red: 'green',
  green: 'red',
  blue: 'orange',
  orange: 'blue',
  yellow: 'purple',
  purple: 'yellow',
  black: 'white',
  white: 'black',
};
const malformed = [
  'red',
  '#12345',
  'rgb(255, 0, 0)',
  '#GGGGGG',
  '0xff0000',
  'ff0000',
  '#ff00000',
  'hsl(0, 100%, 50%)',
  '#f00',
  '',
];

/** What the pixels, or another field, say otherwise. */
export const pixelFaults: FaultTable = {
  'palette that is not in the pixels': {
    ...palette,
    scenes: ['shapes', 'blank', 'tiny', 'full', 'alike', 'edge'],
    plant: (subject) => {
      const { model, random, question } = subject;
      const entries = entriesOf(subject);
      const others = absent(question.scene);
      if (others.length === 0) return undefined;
      const chosen = random.some(entries, random.int(1, entries.length));
      for (const entry of chosen) {
        const { name, rgb } = random.pick(others);
        const isDominant = entry.hex === model['dominant'];
        entry.hex = random.chance(0.15) ? '#1a2b3c' : hexOf(rgb.map((value) => value + random.int(-6, 6)));
        entry.name = entry.hex === '#1a2b3c' ? 'dark blue' : name;
        if (isDominant) model['dominant'] = entry.hex;
      }
      return chosen.some(({ hex }) => hex === '#1a2b3c') && brightness(question.scene.background.rgb) < 100
        ? undefined
        : { json: model };
    },
  },
  'shares that do not sum to one': {
    ...palette,
    plant: (subject) => {
      const entries = entriesOf(subject);
      const sum = entries.reduce((total, { share }) => total + share, 0);
      const wanted = subject.random.pick([subject.random.between(1.4, 3), subject.random.between(0.02, 0.2)]);
      for (const entry of entries) entry.share = Math.round(Math.min(1, (entry.share * wanted) / sum) * 100) / 100;
      const reached = entries.reduce((total, { share }) => total + share, 0);
      return reached > 1.3 || reached < 0.25 ? { json: subject.model } : undefined;
    },
  },
  'shares as percentages': {
    ...palette,
    plant: (subject) => {
      for (const entry of entriesOf(subject)) entry.share = Math.max(2, Math.round(entry.share * 100));
      return { json: subject.model };
    },
  },
  'dominant colour that is not listed': {
    ...palette,
    plant: (subject) => {
      const others = absent(subject.question.scene);
      if (others.length === 0) return undefined;
      subject.model['dominant'] = hexOf(subject.random.pick(others).rgb);
      return { json: subject.model };
    },
  },
  'dominant colour with the least share': {
    ...palette,
    plant: (subject) => {
      const entries = entriesOf(subject);
      const [first, last] = [entries[0], entries.at(-1)];
      if (!first || !last || first.share - last.share < 0.4) return undefined;
      subject.model['dominant'] = last.hex;
      return { json: subject.model };
    },
  },
  'shares against the pixels': {
    ...palette,
    plant: (subject) => {
      const entries = entriesOf(subject);
      const [first, last] = [entries[0], entries.at(-1)];
      if (!first || !last || first.share - last.share < 0.6) return undefined;
      [first.share, last.share] = [last.share, first.share];
      subject.model['dominant'] = last.hex;
      return { json: subject.model };
    },
  },
  'name that contradicts the colour': {
    ...palette,
    plant: (subject) => {
      const entries = entriesOf(subject).filter(({ name }) => name in opposites);
      if (entries.length === 0) return undefined;
      for (const entry of subject.random.some(entries, subject.random.int(1, entries.length)))
        entry.name = opposites[entry.name] ?? entry.name;
      return { json: subject.model };
    },
  },
  'the same colour again': {
    ...palette,
    plant: (subject) => {
      const entries = entriesOf(subject);
      const entry = subject.random.pick(entries);
      const copies = subject.random.int(2, 4);
      if (entries.length - 1 + copies > 8 || entry.share / copies < 0.01) return undefined;
      entry.share = Math.round((entry.share / copies) * 1000) / 1000;
      entries.push(...Array.from({ length: copies - 1 }, () => structuredClone(entry)));
      return { json: subject.model };
    },
  },
  'colour that is not written as one': {
    ...palette,
    plant: (subject) => {
      const wrong = subject.random.pick(malformed);
      if (subject.random.chance(0.5)) subject.model['dominant'] = wrong;
      else subject.random.pick(entriesOf(subject)).hex = wrong;
      return { json: subject.model };
    },
  },
  'exposure that contradicts the pixels': {
    ...quality,
    plant: ({ model, question, random }) => {
      const { light, background, isFlat } = question.scene;
      if (isFlat) return undefined;
      const light255 = brightness(background.rgb);
      if (light === 'normal' && light255 > 70 && light255 < 185) return undefined;
      const wrong = light === 'under' || (light === 'normal' && light255 <= 70) ? 'over' : 'under';
      Object.assign(model, {
        exposure: wrong,
        verdict: 'poor',
        issues: [random.pick(['Wrong exposure', `${wrong} exposed`])],
      });
      return { json: model };
    },
  },
  'sharpness that contradicts the pixels': {
    ...quality,
    scenes: ['blurred'],
    plant: ({ model, random }) => {
      Object.assign(model, { sharpness: random.int(88, 100), verdict: 'good', issues: [] });
      return { json: model };
    },
  },
  'contrast that contradicts the pixels': {
    ...quality,
    scenes: ['flat', 'bright'],
    plant: ({ model, random }) => {
      model['contrast'] = random.int(85, 100);
      return { json: model };
    },
  },
  'verdict that contradicts its reasons': {
    ...quality,
    plant: ({ model, question, random }) => {
      const isPoor = model['verdict'] === 'poor';
      if (isPoor && (question.scene.isFlat || random.chance(0.3))) return undefined;
      Object.assign(model, isPoor ? { verdict: 'good' } : { verdict: 'poor', issues: [] });
      return { json: model };
    },
  },
  'description of another picture': {
    hard: 'only the content of the image tells',
    plant: ({ question, model, random }) => {
      const prose = places(question.definition, model).filter(isProse);
      const [first] = prose;
      if (!first) return undefined;
      put(
        first,
        `A brown dog runs over a meadow in the evening sun. ${description({ ...question.scene, things: [] }, random)}`,
      );
      return { json: model };
    },
  },
};
