import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { wordsOf } from '../words.ts';

/** Kinds of values, which say nothing of what is in them. */
const kindWords = new Set(
  'string str text texts value name label word words line lines content placeholder'.split(' '),
);
/** What else a slot is made of. Alone they may be read: "SAMPLE" is a watermark. */
const slotWords = 'the a an any some here your actual insert enter add example sample dummy'.split(' ');
/** What stands for "there is none" where it is marked as no text. */
const nothingWords = 'no none null nil undefined empty unknown na nothing'.split(' ');
/** Programming languages' own words for no value and for a text. */
const ofPrograms = /^\W*(null|undefined|nil|string|str)\W*$/i;
/** `{{name}}`, `${name}`: nothing but a template writes so. */
const ofTemplates = /^(\{\{[^{}]+\}\}|\$\{[^{}]+\})$/;
const inBrackets = /^(<[^<>]+>|\[[^[\]]+\]|\{[^{}]+\}|%[^%\s]+%)$/;

/**
 * What stands in for words that were to be read: by what a template is made of, since the words of a sign may be any. Signs
 * say some of it, too ("YOUR TEXT HERE"), so that whoever stays with it may be right.
 */
export function standIns({ texts, definition }: ParsedAnswer): Fault[] {
  const read = texts.filter(({ kind, text }) => kind === 'transcript' && /[\p{L}\p{N}]/u.test(text));
  const isOnlyAsked = read.every((at) => isAsked(at, definition));
  return read
    .filter((at) => isOnlyAsked || isStandIn(at, definition))
    .map(({ path }) => ({
      path,
      message: `${path}: give the very words that stand there, and none where there are none`,
    }));
}

/**
 * A kind of value, perhaps with the name of the field: forms have such words, too, beside others. "LINE 2" has a number, and
 * "NAME" or "Content" the capitals of a print.
 */
function isAsked(at: TextAt, definition: Definition): boolean {
  const words = wordsIn(at);
  const [first = ''] = words;
  if (words.length === 1 && isShouted(at.text)) return false;
  const ownName = at.name.split('.').at(-1)?.split('_') ?? [];
  if ([ownName.join(' '), ownName.at(-1)].includes(words.join(' '))) return true;
  if (words.length === 1 && !ofPrograms.test(at.text) && !at.text.includes(first)) return false;
  const isOfKinds = words.some((word) => kindWords.has(word)) && !words.some((word) => /^\d+$/.test(word));
  return isOfKinds && consistsOf(words, namesIn(at, definition));
}

/** One word in capitals, as signs are written and templates are not. */
const isShouted = (text: string) => /^[^\p{L}]*\p{Lu}{2,}[^\p{L}]*$/u.test(text);

function isStandIn(at: TextAt, definition: Definition): boolean {
  const text = at.text.trim();
  if ((ofPrograms.test(text) && !isShouted(text)) || ofTemplates.test(text)) return true;
  const words = wordsIn(at);
  const names = [...namesIn(at, definition), ...slotWords];
  if (inBrackets.test(text)) return consistsOf(words, [...names, ...nothingWords]);
  const isTemplate = /^\w+_\w+$/.test(text) || (words.length > 1 && words.at(-1) === 'here');
  return isTemplate && consistsOf(words, names);
}

const wordsIn = ({ text }: TextAt) => wordsOf(text.replaceAll('_', ' '));

/** Nothing but these words and numbers, and more than an article. */
const consistsOf = (words: readonly string[], known: readonly string[]) =>
  words.some((word) => word.length > 1 && known.includes(word)) &&
  words.every((word) => known.includes(word) || /^\d+$/.test(word));

/** The kinds of values, and what a field is called and where it stands. */
function namesIn({ name }: TextAt, { slug }: Definition): readonly string[] {
  const own = wordsOf(`${name} ${slug}`.replaceAll(/[_.-]/g, ' '));
  return [...kindWords, ...own, ...own.map((word) => word.replace(/s$/, ''))];
}
