import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { wordsOf } from '../words.ts';

/** Kinds of values, and the rest of what templates are made of. */
const templateWords =
  'string str text texts value name label word words line lines content placeholder here your the a an any some actual insert enter add example sample dummy';
/** What stands for "there is none" where it is marked as no text. */
const nothingWords = 'no none null nil undefined empty unknown n na nothing';
/** Programming languages' own words for no value and for a text. */
const ofPrograms = /^\W*(null|undefined|nil|string|str)\W*$/i;
/** `{{name}}`, `${name}`: nothing but a template writes so. */
const ofTemplates = /^(\{\{[^{}]+\}\}|\$\{[^{}]+\})$/;
const inBrackets = /^(<[^<>]+>|\[[^[\]]+\]|\{[^{}]+\}|\([^()]+\)|%[^%\s]+%)$/;

/**
 * What stands in for words that were to be read: by what a template is made of, since the words of a sign may be any. Signs
 * say some of it, too ("YOUR TEXT HERE"), so that whoever stays with it may be right.
 */
export function standIns({ texts, definition }: ParsedAnswer): Fault[] {
  const read = texts.filter(({ kind, text }) => kind === 'transcript' && /[\p{L}\p{N}]/u.test(text));
  const isAsked = (at: TextAt) => consistsOf(wordsOf(at.text.replaceAll('_', ' ')), namesIn(at, definition));
  const isAllAsked = read.every(isAsked);
  return read
    .filter((at) => isAllAsked || isStandIn(at, definition))
    .map(({ path }) => ({
      path,
      message: `${path}: give the very words that stand there, and none where there are none`,
    }));
}

function isStandIn(at: TextAt, definition: Definition): boolean {
  const text = at.text.trim();
  if (ofPrograms.test(text) || ofTemplates.test(text)) return true;
  const words = wordsOf(text.replaceAll('_', ' '));
  const names = namesIn(at, definition);
  if (inBrackets.test(text)) return consistsOf(words, new Set([...names, ...nothingWords.split(' ')]));
  const isTemplate = /^\w+_\w+$/.test(text) || (words.length > 1 && words.at(-1) === 'here');
  return isTemplate && consistsOf(words, names);
}

const consistsOf = (words: readonly string[], known: ReadonlySet<string>) =>
  words.some((word) => known.has(word)) && words.every((word) => known.has(word) || /^\d+$/.test(word));

/** What a field is called and where it stands, beside the words of all templates. */
function namesIn({ name }: TextAt, { slug }: Definition): ReadonlySet<string> {
  const own = wordsOf(`${name} ${slug}`.replaceAll(/[_.-]/g, ' '));
  return new Set([...templateWords.split(' '), ...own, ...own.map((word) => word.replace(/s$/, ''))]);
}
