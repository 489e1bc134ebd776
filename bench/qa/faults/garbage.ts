import type { Random } from '../random.ts';
import type { JsonObject } from '../write.ts';
import { fits } from './words.ts';
import type { FaultTable } from './types.ts';

type Garble = (text: string, random: Random) => string;

const consonants = Array.from('bcdfghjklmnpqrstvwxz');
const signs = Array.from('|_~^#*=+/\\<>{}[]%$;:');
const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);

/** Nobody could say what was meant, however short the text is. */
const obvious: readonly Garble[] = [
  (_, random) => times(random.int(20, 50), () => random.pick(signs)).join(''),
  (text, random) => text.replace(/ /g, () => random.pick([' \ufffd', '\ufffd\ufffd ', ' \ufffd '])),
  (text) => text.replace(/e/g, 'Ã©').replace(/a/g, 'Ã¤'),
  (text) => text.replace(/\w\b/g, (letter) => `${letter}â€™`),
  (text) => Array.from(text).join(' '),
  (_, random) => times(random.int(20, 60), () => random.int(0, 99_999)).join(' '),
];
/** Could be a name or a foreign word as long as there are few of them. */
const inLongTexts: readonly Garble[] = [
  (text, random) => text.replace(/[a-z]/g, (letter) => (random.chance(0.6) ? random.pick(consonants) : letter)),
  (text) => Array.from(text).reverse().join(''),
];
const minLongText = 45;

/** Texts that mean nothing. */
export const garbageFaults: FaultTable = {
  'garbled text': {
    plant: fits((text, { random }) => {
      const ways = text.length < minLongText ? obvious : [...obvious, ...inLongTexts];
      return random.pick(ways)(text, random);
    }),
  },
  'garbage for words that were read': {
    slugs: ['text-recognition'],
    scenes: ['sign', 'foreign'],
    plant: ({ model, random }) => {
      const [first] = model['texts'] as JsonObject[];
      const ways: Garble[] = [
        (_, { int }) => times(int(20, 50), () => random.pick(signs)).join(''),
        (text, { int }) => `${text} `.repeat(int(20, 50)).trim().slice(0, 300),
        (_, { int }) => '\ufffd'.repeat(int(3, 30)),
        (_, { int }) => random.pick(['l', 'I', '|', '0', '-']).repeat(int(30, 200)),
        (_, { int, pick }) => times(int(25, 60), () => pick(consonants)).join(''),
      ];
      const garbage = random.pick(ways)(model['full_text'] as string, random);
      if (!first) return undefined;
      first['text'] = garbage;
      model['full_text'] = garbage;
      return { json: model };
    },
  },
  'stand-in for words that were read': {
    slugs: ['text-recognition'],
    scenes: ['sign', 'foreign'],
    plant: ({ model, random }) => {
      const [first] = model['texts'] as JsonObject[];
      if (!first) return undefined;
      const standIn = random.pick([
        ...['<text>', '[TEXT]', '{{ text }}', '{{sign_text}}', '<string>', 'String', 'null', 'undefined', '[null]'],
        ...['<your text here>', 'Your text here', 'INSERT TEXT HERE', '[empty]', '<none>', '"null"', '{value}'],
      ]);
      first['text'] = standIn;
      model['full_text'] = standIn;
      return { json: model };
    },
  },
  'whole text that contradicts its parts': {
    slugs: ['text-recognition'],
    scenes: ['sign', 'foreign', 'shapes', 'blank'],
    plant: ({ model, random }) => {
      const isEmpty = (model['texts'] as JsonObject[]).length === 0;
      const other = ['PARKING FOR CUSTOMERS', 'Chapter one', 'Total 14.90', 'Welcome to the museum'];
      model['full_text'] = isEmpty || random.chance(0.6) ? random.pick(other) : '';
      return { json: model };
    },
  },
};
