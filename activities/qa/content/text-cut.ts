import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { wordsOf } from '../words.ts';
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
/** A comma, a colon or a semicolon of any script: something was to follow. */
const goesOn = /[,;:，、；：،؛]$/u;

const pairs: Readonly<Record<string, string>> = {
  ')': '(',
  ']': '[',
  '}': '{',
  '”': '“',
  '»': '«',
  '」': '「',
  '）': '（',
};

/** A bracket or quotation mark that was opened in the last sentence. */
function isLeftOpen(text: string): boolean {
  const last = lastSentenceOf(text);
  // 24" is a size
  if ((last.replaceAll(/\d\s?"/g, '').match(/"/g)?.length ?? 0) % 2 === 1) return !/^[^"]*"\s*$/.test(last);
  const open: string[] = [];
  for (const character of last.replaceAll(/„([^“”]*)[“”]/gu, '$1')) {
    if (Object.values(pairs).includes(character)) open.push(character);
    else if (pairs[character] === open.at(-1)) open.pop();
  }
  return open.length > 0;
}

/** English words after which something must come; `stranded` ones may end a clause that asks or relates. */
const neverLast = new Set(
  'the a an its their his your our my and or but nor because although while whereas if whether into onto upon towards toward during among amid via per than'.split(
    ' ',
  ),
);
const stranded = new Set('of with is are was were'.split(' '));
const relates =
  /\b(what|which|who|whom|whose|that|where|how|to|made|it|he|she|they|we|you|something|somewhere|someone|nothing)\b/i;

function endsBeforeItsNoun(at: TextAt, text: string): boolean {
  const last = /(?<![\p{L}\p{N}'’-])\p{Ll}+$/u.exec(text)?.[0];
  if (last === undefined || text === last) return false;
  const before = lastSentenceOf(text).slice(0, -last.length);
  // "vitamin a", "point a"
  if (last === 'a' && wordsOf(before).length < 2) return false;
  const isOpen = neverLast.has(last) || (stranded.has(last) && !relates.test(before));
  return isOpen && (isPlainlyEnglish(at) || ['en', ''].includes(detectIn(at).language));
}

/** Whoever ends two sentences and more with a stop ends the last one, too. */
function lacksLastStop(text: string): boolean {
  if (text.length < minCharacters || text.includes('\n')) return false;
  return text.split(sentenceEnd).length > 2 && /\p{L}$/u.test(text);
}

const sentenceEnd = /(?<=\p{Ll}{3}[.!?]["'”’)]?)\s+(?=\p{Lu})|(?<=[。！？])/u;
const lastSentenceOf = (text: string) => text.split(sentenceEnd).at(-1) ?? text;
