import { description } from '../sentences.ts';
import type { Json } from '../write.ts';
import { refusal } from './phrases.ts';
import type { FaultTable, Subject } from './types.ts';

const written = ({ model, random }: Subject): string =>
  random.chance(0.5) ? JSON.stringify(model) : JSON.stringify(model, undefined, random.int(1, 4));

/** Before the last brace: what is left is never whole. */
const cut = (text: string, { random }: Subject): string =>
  Buffer.from(text)
    .subarray(0, random.int(1, Buffer.byteLength(text) - 1))
    .toString();

const fence = (text: string, { random }: Subject) =>
  random.pick([`\`\`\`json\n${text}\n\`\`\``, `\`\`\`\n${text}\n\`\`\``, `Here it is:\n\`\`\`json\n${text}`]);

/** Ways to lose what makes JSON of a text. */
const breaks: readonly ((text: string, subject: Subject) => string)[] = [
  (text) => text.replace(/"(?=[^"]*$)/, ''),
  (text) => text.replace(/[}\]]\s*$/, ''),
  (text) => text.replace(/": /g, '" ').replace(/":/g, '" '),
  (text) => text.replace(/"([^"]+)":/g, "'$1' ="),
  (text) => text.replace(/^\{/, ''),
  (text) => text.replace(/"([^"]+)":/, '"$1": //'),
  (text, subject) => cut(text, subject),
  (text) => text.replace(/"/g, '\\"'),
];

const nonsense = ['\n', ' \n\n ', '{}', '[]', 'null', '""', '.', '{', '...', '{"', 'ok', 'json', 'true'];

/** What happens to the text as a whole. */
export const textFaults: FaultTable = {
  'cut at the token limit': {
    plant: (subject) => ({ text: cut(written(subject), subject), finish: 'length' }),
  },
  'stream broken': {
    plant: (subject) => ({ text: cut(written(subject), subject), finish: 'incomplete' }),
  },
  'ended too early': { plant: (subject) => ({ text: cut(written(subject), subject) }) },
  'fence around broken JSON': {
    plant: (subject) => {
      const right = written(subject);
      const broken = subject.random.pick(breaks)(right, subject);
      return isJson(broken) ? undefined : { text: fence(broken, subject) };
    },
  },
  'prose instead of JSON': {
    plant: (subject) => {
      const { question, random } = subject;
      const text = description(question.scene, random);
      return { text: random.pick([text, `Sure! ${text}`, `## Analysis\n\n- ${text.replaceAll('. ', '.\n- ')}`]) };
    },
  },
  'refusal instead of an answer': { plant: ({ random }) => ({ text: refusal(random) }) },
  'nothing or next to nothing': {
    plant: ({ random }) => ({ text: random.chance(0.3) ? '' : random.pick(nonsense) }),
  },
  'prompt instead of an answer': {
    plant: ({ question, random }) => ({
      text: random.pick([question.prompt, `${question.systemPrompt}\n\n${question.prompt}`, question.systemPrompt]),
    }),
  },
  'one object per line': {
    slugs: ['object-detection', 'colour-palette', 'people-count'],
    plant: ({ model, random }) => {
      const items = Object.values(model).find((value): value is Json[] => Array.isArray(value)) ?? [];
      if (items.length === 0) return undefined;
      return { text: items.map((item) => JSON.stringify(item)).join(random.pick(['\n', ',\n', ' ', '\n\n'])) };
    },
  },
  'another object beside the answer': {
    plant: (subject) => {
      const { model, random } = subject;
      const [key = '', ...others] = Object.keys(model);
      const between = random.pick(['\n', '\n\n', ' ', '\nor\n']);
      // of a part that comes first the whole is the continuation
      if (others.length > 0 && random.chance(0.3))
        return { text: `${written(subject)}${between}${JSON.stringify({ [key]: 'another' })}` };
      const foreign = [{ image: 1, status: 'ok' }, { name: 'get_image', arguments: {} }, { note: 'more may follow' }];
      const texts = [written(subject), JSON.stringify(random.pick<Json>(foreign))];
      return { text: (random.chance(0.5) ? texts : texts.reverse()).join(between) };
    },
  },
  'loop until the token limit': {
    plant: (subject) => {
      const text = written(subject);
      const at = subject.random.int(2, text.length - 1);
      const piece = text.slice(Math.max(0, at - subject.random.int(3, 30)), at);
      return { text: text.slice(0, at) + piece.repeat(subject.random.int(20, 200)), finish: 'length' };
    },
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
