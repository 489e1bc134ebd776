import type { TransformHow } from '../script.ts';
import type { Corners } from './boxes.ts';

/**
 * One way to spoil an answer. Where a fault is one that a grammar cannot prevent, the answer stays valid against the
 * schema: `prose` and `box` change what is written into it. `value` and `text` break it afterwards.
 */
export interface Spoiler {
  /** Instead of each sentence; `question` is the last message of the conversation. */
  readonly prose?: (question: string) => string;
  readonly box?: (corners: Corners) => Corners;
  readonly value?: (value: unknown) => unknown;
  readonly text?: (text: string) => string;
}

/** JSON.parse makes Infinity of it: real models wrote such numbers where the grammar asked for a number. */
const NOT_FINITE = '6.7e1777';
const MARK = '__not_finite__';
/** Outside of every image that is taken, and of every 0..1000 frame. */
const FAR_AWAY = 9000;

export const SPOILERS: Readonly<Record<TransformHow, Spoiler>> = {
  fence: { text: (text) => `\`\`\`json\n${text.trim()}\n\`\`\`` },
  'truncated-json': { text: (text) => text.slice(0, Math.floor(text.trim().length * 0.6)) },
  refusal: { prose: () => "I'm sorry, but I can't help with that: as an AI, I am unable to analyse this image." },
  empty: { text: () => '' },
  placeholder: { prose: () => 'Lorem ipsum dolor sit amet, consectetur adipiscing elit.' },
  repetition: { prose: () => Array.from({ length: 12 }, () => 'the image shows a red car').join(' ') },
  'echo-prompt': { prose: (question) => question.replaceAll(/\s+/g, ' ').trim() },
  'box-outside': { box: ([x1, y1]) => [x1, y1, FAR_AWAY, FAR_AWAY] },
  nan: {
    value: (value) => changeFirst(value, 'number', MARK) ?? MARK,
    text: (text) => text.replace(new RegExp(`"?${MARK}"?`), NOT_FINITE),
  },
  'extra-prose': {
    text: (text) => `Here is the JSON you asked for:\n\n${text.trim()}\n\nLet me know if you need more!`,
  },
  'wrong-type': {
    value: (value) => changeFirst(value, 'number', 'many') ?? changeFirst(value, 'string', 42) ?? [value],
  },
};

/** A copy in which the first leaf of that type is another; undefined when there is none. */
function changeFirst(value: unknown, type: 'number' | 'string', to: unknown): unknown {
  let changes = 0;
  const copy = JSON.parse(JSON.stringify(value), (_key, leaf: unknown) => {
    if (typeof leaf !== type) return leaf;
    changes += 1;
    return changes === 1 ? to : leaf;
  }) as unknown;
  return changes > 0 ? copy : undefined;
}
