import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { withoutQuotes } from '../words.ts';
import { detectIn } from './detect.ts';
import { eachText } from './each-text.ts';
import { isPlainlyEnglish } from './english.ts';

/** Fewer characters are a name or a caption: neither needs a full stop. */
const minCharacters = 80;

/** Texts that break off: at the length that the grammar allows, or where the server said that the answer was whole. */
export const textCut = (answer: ParsedAnswer, { max_room }: RuleParams['content']['text_cut']): Fault[] =>
  eachText(answer, ['prose'], (at) => {
    const text = at.text.trim();
    const isFull = at.text.length >= at.maxLength - max_room && text.length >= minCharacters;
    if (isFull && !/[.!?…。！？)"'”’»]$/u.test(text))
      return `${at.path}: it ends in mid-sentence: say it in fewer words`;
    return breaksOff(at, text) ? `${at.path}: it breaks off in mid-sentence: finish what you say` : undefined;
  });

function breaksOff(at: TextAt, text: string): boolean {
  if (text === '' || isEnded.test(text)) return false;
  return goesOn.test(text) || isLeftOpen(text) || endsBeforeItsNoun(at, text) || lacksLastStop(text);
}

/** The end of a sentence in any script, and what may stand behind it. */
const isEnded = /[.!?…。！？؟۔।։](["'”’»)\]}*]|\s)*$/u;
/** A comma, a colon or a semicolon of any script, but no face: something was to follow. */
const goesOn = /(?<!\(-?)[,;:，、；：،؛]$/u;

/** What closes what: quotation marks are mixed. */
const closers: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '"': '"“”',
  '“': '”"',
  '„': '“”"',
  '«': '»',
  '「': '」',
  '（': '）',
};
/** What opens stands before a word and after none: `24"`, `:(` and `»so«` open nothing. */
const marks = /(?<opener>(?<![^\s([{"“„«/—–-])(?:["“„](?=\S)|[([{«](?!-?[:;]))|[「（])|[)\]}"“”»」）]/gu;

/** A bracket or quotation mark that nothing closes up to the end; what it holds may be several sentences. */
function isLeftOpen(text: string): boolean {
  const open: string[] = [];
  for (const { 0: mark, groups } of text.matchAll(marks)) {
    if (groups?.['opener'] !== undefined) {
      open.push(mark);
      continue;
    }
    const closed = open.findLastIndex((opener) => closers[opener]?.includes(mark));
    if (closed >= 0) open.splice(closed);
  }
  return open.length > 0;
}

const wordSet = (words: string) => new Set(words.split(' '));
/** English words after which something must come; `stranded` ones may end a clause that asks, relates or compares. */
const neverLast = wordSet(
  'the a an its their his your our my and or but nor because although while whereas if whether per',
);
const stranded = wordSet('of with into onto upon towards toward during among amid via than is are was were');
const relates =
  /\b(what|which|who|whom|whose|that|where|how|to|made|it|he|she|they|we|you|something|somewhere|someone|nothing|than)\b/i;
/** Words after which "a" begins something; after any other it is a letter: "row a". */
const joining =
  'of with into onto upon towards toward during among amid via than in on at to by for from near beside behind against between under over above below beneath around through along across like as and or but is are was were';
const beforeArticle = wordSet(joining);
/** One thing straight after another is what a clause says of it: "the box the cat sits in". */
const article = '(the|an?|its|his|her|their)';
const relatesUnsaid = new RegExp(
  `(?<![\\p{L}'’-])${article}( (?!(${joining.replaceAll(' ', '|')}) )[\\p{L}'’-]+){1,3} ${article} `,
  'iu',
);

function endsBeforeItsNoun(at: TextAt, text: string): boolean {
  const last = /(?<![\p{L}\p{N}'’-])\p{Ll}+$/u.exec(text)?.[0];
  if (last === undefined || text === last) return false;
  const before = lastSentenceOf(text).slice(0, -last.length);
  const isOpen = (neverLast.has(last) && !isNoun(last, before)) || (stranded.has(last) && !isStranded(before));
  return isOpen && (isPlainlyEnglish(at) || ['en', ''].includes(detectIn(at).language));
}

/** "The letter a", "for a while", "a friend of his". */
function isNoun(last: string, before: string): boolean {
  const previous = /(?<![\p{L}'’-])\p{L}+(?=\s+$)/u.exec(before)?.[0].toLowerCase() ?? '';
  // "shows a"
  if (last === 'a') return !beforeArticle.has(previous) && !/[^s]s$/.test(previous);
  return ['a', 'the'].includes(previous) || (last === 'his' && previous === 'of');
}

const isStranded = (before: string) => relates.test(before) || relatesUnsaid.test(before);

/** Whoever ends two sentences and more with a stop ends the last one, too. */
function lacksLastStop(text: string): boolean {
  if (text.length < minCharacters || text.includes('\n')) return false;
  return withoutQuotes(text).split(sentenceEnd).length > 2 && /\p{L}$/u.test(text);
}

/** Not after a word with a capital: "Prof. Heim", "Mt. Everest". */
const sentenceEnd = /(?<=(?<![\p{L}\p{N}.'’-])\p{Ll}{3,}[.!?]["'”’)]?)\s+(?=\p{Lu})|(?<=[。！？])/u;
const lastSentenceOf = (text: string) => text.split(sentenceEnd).at(-1) ?? text;
