import { jsonSchemaOf } from '../../../activities/vision/fields.ts';
import { capital } from '../sentences.ts';
import {
  askedNames,
  isName,
  isProse,
  type Json,
  type JsonObject,
  type Place,
  places,
  put,
  read,
  textAt,
} from '../write.ts';
import { foreignText, leftOvers, markup, metaTalk, placeholders, refusal, slips } from './phrases.ts';
import type { FaultTable, Plant, Planted, Subject } from './types.ts';

const proseOf = ({ question, model }: Subject) => places(question.definition, model).filter(isProse);

/** Changes some of the sentences of an answer: at least one, in half of the cases all. */
const inProse =
  (change: (text: string, subject: Subject, place: Place) => string | undefined): Plant =>
  (subject) => {
    const { random, model } = subject;
    const found = proseOf(subject);
    if (found.length === 0) return undefined;
    const chosen = random.chance(0.5) ? found : random.some(found, random.int(1, found.length));
    for (const place of chosen) {
      const changed = change(textAt(place), subject, place);
      if (changed === undefined) return undefined;
      put(place, changed);
    }
    return { json: model };
  };

const longest = ({ field }: Place) => (field.type === 'string' ? field.maxLength : 0);

/** Between two words, but never inside of quotes: what stands there was read and may look like anything. */
function insert(text: string, what: string, { random }: Subject): string {
  const words = text.split(' ');
  const isFree = (at: number) => (words.slice(0, at).join(' ').split('"').length - 1) % 2 === 0;
  const gaps = words.map((_, index) => index + 1).filter(isFree);
  words.splice(random.pick(gaps), 0, what);
  return words.join(' ');
}

const loops: readonly ((text: string, subject: Subject) => string)[] = [
  (text, { random }) => `${text} `.repeat(random.int(4, 12)),
  (text, { random }) => `${text} ${`${text.split(' ').slice(-4).join(' ')} `.repeat(random.int(5, 20))}`,
  (text, { random }) => `${text} ${`${random.pick(text.split(' '))} `.repeat(random.int(12, 40))}`,
  (text, { random }) => text + random.pick(['a', '.', '0', '!', 'ha', '\\n', '- ']).repeat(random.int(30, 90)),
  (text, { random }) =>
    `${text} ${Array.from({ length: random.int(6, 14) }, (_, index) => `There is another object number ${index + 1}.`).join(' ')}`,
  (text, { random }) => {
    const clause = `, and next to it ${random.pick(['another one', 'a further shape', 'one more figure'])} of the same kind`;
    return text.replace(/\.?$/, clause.repeat(random.int(5, 9)));
  },
];

const controls = [
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\ud83d',
  '\udc00',
  '\ue000\ue001',
  '\u0008\u0008',
  '\u0085\u009b',
  '\ufffe',
];

/** Each fits into the field of a description; shorter fields are passed over. */
export const fits = (change: (text: string, subject: Subject) => string) =>
  inProse((text, subject, place) => {
    const changed = change(text, subject);
    return changed.length <= longest(place) ? changed : changed.slice(0, longest(place) - 1);
  });

/** What the words of an answer can suffer. */
export const wordFaults: FaultTable = {
  'refusal inside a field': { plant: inProse((_, { random }) => refusal(random)) },
  'prompt inside a field': {
    plant: inProse((_, { question, random }, place) => {
      const lines = question.prompt.split('\n').filter((line) => line.length > 40);
      const all = lines.join(' ');
      return (random.chance(0.5) ? random.pick(lines) : all).slice(0, longest(place));
    }),
  },
  'schema instead of an answer': { plant: schemaEcho },
  'system prompt inside a field': {
    plant: inProse((text, { question, random }, place) => {
      const sentences = question.systemPrompt.split(/\n|(?<=\.) /);
      const leak = random.some(sentences, random.int(1, 3)).join(' ');
      return (random.chance(0.5) ? leak : `${text} ${leak}`).slice(0, longest(place));
    }),
  },
  'loop inside a field': { plant: fits((text, subject) => subject.random.pick(loops)(text, subject)) },
  'placeholder in a text': { plant: inProse((_, { random }) => random.pick(placeholders)) },
  'placeholder for a name': {
    plant: ({ question, model, random }) => {
      const names = places(question.definition, model).filter(isName);
      if (names.length === 0) return undefined;
      for (const place of random.some(names, random.int(1, names.length)))
        put(place, random.pick(['string', '<label>', 'N/A', '...', 'name', '[object]', 'TODO', 'null', '???']));
      return { json: model };
    },
  },
  'empty text in a field': {
    plant: inProse((_, { random }) => random.pick(['', ' ', '   \n', '.', '\t', '-', '""', '\u200b'])),
  },
  'another language': {
    plant: (subject) => {
      const found = proseOf(subject);
      if (found.length === 0) return undefined;
      for (const place of found) put(place, foreignText(subject.random).slice(0, longest(place)));
      return { json: subject.model };
    },
  },
  'another script slips in': { plant: fits((text, subject) => insert(text, subject.random.pick(slips), subject)) },
  'left-overs of a chat template': {
    plant: fits((text, subject) => {
      const what = subject.random.pick(leftOvers);
      return subject.random.pick([`${text}${what}`, `${what} ${text}`, insert(text, what, subject)]);
    }),
  },
  'markup in a field': { plant: fits((text, { random }) => random.pick(markup)(text)) },
  'talk about the answer': {
    plant: fits((text, { random }) => {
      const talk = random.pick(metaTalk);
      return random.pick([talk, `${talk} ${text}`]);
    }),
  },
  'JSON inside a field': {
    plant: inProse((text, { model, random }, place) => {
      const inner = random.pick([
        JSON.stringify(model),
        JSON.stringify({ answer: text, confidence: random.int(1, 99) }),
      ]);
      return inner.length <= longest(place) ? inner : undefined;
    }),
  },
  'control characters': { plant: fits((text, subject) => insert(text, subject.random.pick(controls), subject)) },
  'cut by the length of the field': {
    plant: inProse((text, { question, random }, place) => {
      const { scene } = question;
      const parts = Array.from({ length: 60 }, (_, index) => {
        const share = (scale: number) => Math.round(((index * 37 + random.int(0, 36)) % 100) * scale);
        return `${capital(random.pick(['near', 'beside', 'behind', 'below', 'above', 'around']))} point ${share(scene.width / 100)} the ${scene.background.name} tone ${random.pick(['brightens', 'darkens', 'changes', 'stays even', 'fades out'])} by about ${share(0.3)} steps.`;
      });
      const cut = `${text} ${parts.join(' ')}`.slice(0, longest(place));
      return /\w$/.test(cut) ? cut : undefined;
    }),
  },
  'sentence that breaks off': {
    slugs: ['image-description', 'default', 'alt-text'],
    plant: inProse((text, { random, question: { scene } }) => {
      const { name } = scene.background;
      const rest = random.pick([
        ...[
          `The background is ${name}, with the`,
          `Behind that everything is ${name} and`,
          `All of it stands out against a`,
        ],
        ...[`The surface is ${name} (much like`, `Seen as a whole,`, `Next to each other one sees the following:`],
        ...[
          'One of them lies closer to the edge of',
          'The one in front is larger than',
          'One could call it "a pattern of',
        ],
      ]);
      return text.endsWith('.') ? `${text} ${rest}` : `${text}. ${rest}`;
    }),
  },
  'words about the field': {
    slugs: ['image-description', 'default', 'alt-text'],
    plant: inProse((_, { random }) =>
      random.pick([
        'The description of the picture is to be written here.',
        'In this field stands the summary of the image.',
        'A text of one to three sentences that describes the photo goes here.',
        'This value is a short caption of what the image shows.',
        'Here you give the description that belongs to the image.',
        'A detailed description of all that is visible in the image.',
      ]),
    ),
  },
  'the same sentence in a list again': {
    plant: ({ question, model, random }) => {
      const lists = places(question.definition, model).filter(
        (place) => place.field.type === 'list' && place.field.items.type === 'string',
      );
      const place = lists.find((list) => (read(list) as Json[]).length > 0);
      if (place?.field.type !== 'list') return undefined;
      const items = read(place) as string[];
      const again = random.pick(items);
      const copies = Array.from({ length: random.int(2, 6) }, () =>
        random.pick([again, again, `${again}.`, again.toLowerCase()]),
      );
      put(place, [...items, ...copies].slice(0, place.field.maxItems));
      return { json: model };
    },
  },
};

/** The question's own words for its fields, in place of what was asked. */
function schemaEcho({ question, model, random }: Subject): Planted | undefined {
  const { fields, coordinates } = question.definition;
  const schema = jsonSchemaOf(fields, coordinates) as JsonObject;
  const asked = askedNames(fields, coordinates);
  const words = Object.fromEntries(
    Object.values(fields).map((field, index) => [asked[index] ?? '', field.describe ?? field.type]),
  );
  const strings = places(question.definition, model).filter((place) => place.field.type === 'string');
  const inside = () => {
    for (const place of strings) put(place, place.field.describe ?? (isProse(place) ? 'text' : 'string'));
    return strings.length === 0 ? schema : model;
  };
  return { json: random.pick([() => schema, () => schema['properties'] ?? schema, () => words, inside])() };
}
