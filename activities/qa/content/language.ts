import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { detect, type Detected, detectIn } from './detect.ts';
import { isPlainlyEnglish } from './english.ts';
import { saidIn } from './said.ts';

/** Languages that are not written in Latin letters; all others are. */
const scripts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['ru', 'uk', 'bg', 'sr', 'be', 'mk'].map((code) => [code, 'Cyrillic'])),
  ...Object.fromEntries(['ar', 'fa', 'ur', 'ps'].map((code) => [code, 'Arabic'])),
  ...Object.fromEntries(['hi', 'mr', 'ne'].map((code) => [code, 'Devanagari'])),
  ...{ zh: 'Han', el: 'Greek', he: 'Hebrew', th: 'Thai' },
};
/** Languages that are written in several. */
const mixed: Readonly<Record<string, string>> = {
  ja: '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー',
  ko: '\\p{Script=Hangul}\\p{Script=Han}',
};
/** Letters of all other scripts, by language. */
const others = new Map<string, RegExp>();

function otherLetters(expect: string): RegExp {
  const own = mixed[expect] ?? `\\p{Script=${scripts[expect] ?? 'Latin'}}`;
  const expression = others.get(expect) ?? new RegExp(`(?![${own}])\\p{L}`, 'gu');
  others.set(expect, expression);
  return expression;
}

/** One letter may be a sign, like Ω; beyond, what is not quoted must be in the script of the language. */
const minOtherLetters = 2;

/** Texts in another language than was asked for. What was read from the image, and what is quoted, may be in any. */
export function language(answer: ParsedAnswer, params: RuleParams['content']['language']): Fault[] {
  const prose = answer.texts.filter(({ kind }) => kind === 'prose');
  const own = answer.texts.filter(({ kind }) => kind !== 'transcript');
  const faults = own.filter((at) => isOtherScript(at, params.expect));
  if (faults.length > 0) return faults.map(({ path }) => fault(path, params.expect));
  const isShort = (at: TextAt) => saidIn(at).trim().length < params.min_characters;
  const isExpected = (at: TextAt) => params.expect === 'en' && isPlainlyEnglish(at);
  const foreign = prose.filter((at) => !isShort(at) && !isExpected(at) && isForeign(detectIn(at), params));
  if (foreign.length > 0) return foreign.map(({ path }) => fault(path, params.expect));
  // some are too short alone; together they are no sentence, so more is asked of them
  const short = prose.filter(isShort);
  const together = short.map(saidIn).join('. ');
  const [first] = short;
  if (!first || together.length < params.min_characters * 1.5) return [];
  return isForeign(detect(together), { ...params, min_margin: params.min_margin * 2 })
    ? [fault(parentOf(first.path), params.expect)]
    : [];
}

/** What stands in brackets may be the original of a word. The name of a thing is no sign: 人 has one letter. */
function isOtherScript(at: TextAt, expect: string): boolean {
  const said = saidIn(at);
  const count = (text: string) => text.match(otherLetters(expect))?.length ?? 0;
  if (at.kind === 'label' && count(said) > 0 && count(said) === said.match(/\p{L}/gu)?.length) return true;
  return count(said) >= minOtherLetters && count(said.replaceAll(/\([^)]*\)/g, ' ')) >= minOtherLetters;
}

function isForeign(
  { language: likeliest, scores }: Detected,
  { expect, min_margin }: RuleParams['content']['language'],
): boolean {
  if (likeliest === '' || likeliest === expect) return false;
  return (scores[likeliest] ?? 0) - (scores[expect] ?? 0) >= min_margin;
}

const parentOf = (path: string) => path.replace(/\.?[^.]*$/, '');
const names = new Intl.DisplayNames(['en'], { type: 'language' });
const fault = (path: string, expect: string): Fault => ({
  path,
  message: `${path || 'the answer'}: answer in ${names.of(expect) ?? expect}`,
});
