import { oddKinds } from './odd-answers.ts';
import type { Question } from './questions.ts';
import type { RightKind } from './right-kind.ts';
import type { Random } from './random.ts';
import { capital, groupsOf } from './sentences.ts';
import {
  boxWriter,
  inModelShape,
  isProse,
  type Json,
  type JsonObject,
  places,
  put,
  textAt,
  type Value,
} from './write.ts';

const plain = ({ model }: Question) => JSON.stringify(model);
const withBoxes = ['object-detection', 'people-count'];
const withProse = ['image-description', 'default'];
const withSigns = [...withProse, 'text-recognition', 'sign-detection', 'alt-text'];
const empty = ['animal-detection', 'vehicle-detection', 'weather', 'text-recognition', 'sign-detection'];

const changed = (question: Question, change: (value: Value) => void): string => {
  const value = structuredClone(question.value);
  change(value);
  const { definition, scene } = question;
  return JSON.stringify(inModelShape(definition, value, boxWriter(definition.coordinates, scene)));
};

/** The same sentences with something true added to each. */
const withSentence = (question: Question, sentence: string): string => {
  const model = structuredClone(question.model);
  const [first] = places(question.definition, model).filter(isProse);
  if (first) put(first, `${textAt(first)} ${sentence}`);
  return JSON.stringify(model);
};

const escaped = (text: string, random: Random) =>
  text.replace(/(?<=[a-z])[a-z](?=[a-z])/g, (letter) =>
    random.chance(0.15) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );

const reversedKeys = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversedKeys(inner)]),
  );
};

/** True of every picture that is made here, in words that alarm a careless reader. */
const trapSentences = [
  'No people can be seen, and nothing suggests that anyone is near.',
  'It cannot be told from the picture where it was taken.',
  'Fine structure is not visible, and I am unable to make out any texture.',
  'There is no text apart from what is written on a sign, if there is one.',
  'It looks like an example from a drawing program.',
  'The surface is plain, plain as a sheet of paper, and very, very smooth.',
  'Nothing hangs on a string, and nothing is broken.',
  'A placeholder for a photograph might look like this.',
  'Sorry colours, one might say: there are few of them.',
  'The user of a camera would call it flat: there is no depth.',
  'Compare it with a JSON file: simple, regular, and without decoration.',
];

export const rightKinds: Readonly<Record<string, RightKind>> = {
  plain: { write: plain },
  'as a good model writes it': { write: ({ model }, random) => JSON.stringify(model, undefined, random.int(1, 4)) },
  'nothing to list': { slugs: [...withBoxes, ...empty], scenes: ['blank'], write: plain },
  'no people': { slugs: ['people-count'], scenes: ['shapes', 'alike', 'row', 'blank'], write: plain },
  'one colour only': { slugs: ['colour-palette'], scenes: ['blank', 'tiny'], write: plain },
  'a crowd with boxes for those in front': { slugs: ['people-count'], scenes: ['crowd'], write: plain },
  'very short text': {
    slugs: withProse,
    scenes: ['shapes', 'tiny', 'alike', 'row'],
    write: (question, random) => {
      const [first] = groupsOf(question.scene);
      if (!first) return undefined;
      const { name } = question.scene.background;
      const text = random.pick([`${capital(first.words)} on ${name}.`, `${capital(first.words)}, ${name} background.`]);
      if (text.length < 21) return undefined;
      return changed(question, (value) => {
        Object.assign(value, 'summary' in value ? { summary: text, findings: [] } : { image_description: text });
      });
    },
  },
  'no single findings': {
    slugs: ['default'],
    write: (question) => changed(question, (value) => Object.assign(value, { findings: [] })),
  },
  'many things of one kind': { slugs: ['object-detection'], scenes: ['alike'], write: plain },
  'things side by side in a row': { slugs: ['object-detection'], scenes: ['row'], write: plain },
  'tiny things': { slugs: withBoxes, scenes: ['tiny'], write: plain },
  'one thing that fills the image': { slugs: ['object-detection'], scenes: ['full'], write: plain },
  'things at the edge': { slugs: ['object-detection'], scenes: ['edge'], write: plain },
  'equal confidence for all': {
    slugs: ['object-detection'],
    scenes: ['alike', 'shapes', 'row'],
    disputed: 'the boxes are right, but such a confidence says nothing',
    write: (question, random) => {
      const confidence = random.int(80, 100);
      return changed(question, ({ objects_detected: objects }) => {
        for (const object of objects as JsonObject[]) object['confidence'] = confidence;
      });
    },
  },
  'a part inside its whole': {
    slugs: ['object-detection'],
    scenes: ['people'],
    write: (question) =>
      changed(question, (value) => {
        const people = value['objects_detected'] as { bounding_box: Record<'x' | 'y' | 'width' | 'height', number> }[];
        const shirts = people.map(({ bounding_box: { x, y, width, height } }) => ({
          ...{ name: 'shirt', confidence: 81 },
          bounding_box: { x, y: y + height * 0.24, width, height: height * 0.36 },
        }));
        value['objects_detected'] = [...people, ...shirts];
      }),
  },
  'other order of keys': { write: ({ model }) => JSON.stringify(reversedKeys(model)) },
  'in a fence': {
    write: ({ model }, random) => {
      const text = JSON.stringify(model, undefined, random.int(0, 3));
      return random.pick([`\`\`\`json\n${text}\n\`\`\``, `\`\`\`\n${text}\n\`\`\`\n`, `\`\`\`JSON\n${text}\`\`\``]);
    },
  },
  'prose around it': {
    write: ({ model }, random) => {
      const text = JSON.stringify(model);
      const before = random.pick(['', 'Here is the result:\n', 'Sure! ', 'Based on the image, my answer is:\n\n']);
      const after = random.pick([
        '\n\nLet me know if you need more.',
        ' Hope this helps!',
        '',
        '\nThat is all I can see.',
      ]);
      return `${before}${text}${after}`;
    },
  },
  'thoughts before it': {
    write: ({ model }, random) => {
      const thought = random.pick([
        'I see the picture. I will count carefully and then answer.',
        'The user asks for JSON. Nothing is hidden. First the background, then the rest.',
      ]);
      return `<think>\n${thought}\n</think>\n\n${JSON.stringify(model)}`;
    },
  },
  'escaped letters': { write: ({ model }, random) => escapedStrings(JSON.stringify(model), random) },
  'white space everywhere': {
    write: ({ model }, random) =>
      `${random.pick(['\n\n', '\ufeff', '  ', '\t'])}${JSON.stringify(model, undefined, '\t').replace(/\n/g, '\r\n')}${random.pick(['\n', '   ', '\r\n\r\n'])}`,
  },
  'numbers in other spelling': {
    write: ({ model }, random) =>
      JSON.stringify(model).replace(/(?<=[:,[])\d+(?=[,}\]])/g, (digits) =>
        random.chance(0.5) ? `${digits}.0` : `${digits}e0`,
      ),
  },
  'boxes with decimals': {
    slugs: withBoxes,
    scenes: ['shapes', 'people', 'row'],
    write: ({ model }, random) =>
      JSON.stringify(model, (_, value: unknown) =>
        Array.isArray(value) && value.length === 4 && value.every((item) => typeof item === 'number' && item > 2)
          ? value.map((item: number) => item - random.int(0, 9) / 10)
          : value,
      ),
  },
  'words read from a sign': { slugs: withSigns, scenes: ['sign'], write: plain },
  'foreign words read from a sign': { slugs: withSigns, scenes: ['foreign'], write: plain },
  'words that look like a fault': {
    slugs: withProse,
    scenes: ['shapes', 'alike', 'row', 'tiny', 'edge', 'full'],
    write: (question, random) => withSentence(question, random.some(trapSentences, random.int(1, 2)).join(' ')),
  },
  'dark on purpose, bright on purpose': {
    slugs: ['image-quality'],
    scenes: ['shapes', 'people', 'alike', 'row', 'edge'],
    write: (question) => (['black', 'white'].includes(question.scene.background.name) ? plain(question) : undefined),
  },
  'a poor picture judged as poor': {
    slugs: ['image-quality'],
    scenes: ['dark', 'bright', 'blurred', 'flat'],
    write: plain,
  },
  'small colours left out': {
    slugs: ['colour-palette'],
    scenes: ['shapes', 'alike', 'row'],
    write: (question) => {
      const [first, second] = question.value['colours'] as { hex: string; share: number }[];
      if (!first || !second || first.share + second.share < 0.8) return undefined;
      return changed(question, (value) => Object.assign(value, { colours: [first, second] }));
    },
  },
  'capitals in colours': {
    slugs: ['colour-palette'],
    write: ({ model }) => JSON.stringify(model).replace(/#[\da-f]{6}/g, (hex) => hex.toUpperCase()),
  },
  ...oddKinds,
};

/** Letters inside of values, not of keys. */
const escapedStrings = (text: string, random: Random) =>
  text.replace(/(?<=:)"(?:[^"\\]|\\.)*"/g, (value) => (value.includes('\\') ? value : escaped(value, random)));
