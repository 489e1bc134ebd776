import type { ParsedAnswer, RuleTable, TextAt } from '../types.ts';
import { oncePer } from '../once-per.ts';
import { matchesAny } from '../patterns.ts';
import { plainly, wordsOf } from '../words.ts';
import { promptEcho } from './echo.ts';
import { gibberish } from './gibberish.ts';
import { language } from './language.ts';
import { emptyItems, repeatedItems } from './items.ts';
import { mayBeNothing, saysNothing } from './nothing.ts';
import { repetition } from './repetition.ts';
import { eachText } from './each-text.ts';
import { refusal } from './refusal.ts';
import { saidIn, wordsIn } from './said.ts';
import { textSanity } from './sanity.ts';
import { selfReference } from './self-reference.ts';
import { isBlank } from './blank.ts';
import { isAboutTheField } from './about-the-field.ts';
import { standIns } from './stand-ins.ts';
import { textCut } from './text-cut.ts';
import { isGreyscale } from '../domain/palette.ts';

/** Lists of words live as long as their plan. */
const plainWords = oncePer((words: readonly string[]) => new Set(words.map(plainly)));

/** The list whose item a text is. */
const listOf = ({ path }: TextAt, { fields }: ParsedAnswer) =>
  /\.\d+$/.test(path) ? fields.find((at) => at.path === path.replace(/\.\d+$/, ''))?.field : undefined;

/** The whole, or its first words: fewer than three may be an answer ("parts of the building", "a kind"). */
function isBeginningOf(plain: string, whole: string): boolean {
  if (plain === whole) return true;
  const [part, all] = [plain, whole].map((text) => text.replace(/^(an?|the) /, ''));
  return part === all || ((part?.split(' ').length ?? 0) > 2 && `${all} `.startsWith(`${part} `));
}

/** Stage 2: does it say something, in words of its own? */
export const contentRules: RuleTable<ParsedAnswer, 'content'> = {
  non_empty: (answer) =>
    eachText(answer, ['prose', 'label'], ({ path, text, describe }) => {
      if (/[\p{L}\p{N}]/u.test(text)) return undefined;
      return text.trim() === '' && mayBeNothing(describe)
        ? undefined
        : `${path || 'the text'}: there is nothing in it: say what you see`;
    }),

  empty_items: emptyItems,

  placeholder: (answer, { patterns }) => [
    ...eachText(answer, ['prose', 'label'], ({ path, text, describe }) =>
      matchesAny(patterns, text.trim()) && !(saysNothing(text) && mayBeNothing(describe))
        ? `${path}: give a real value, not a placeholder`
        : undefined,
    ),
    ...standIns(answer),
  ],

  schema_echo: (answer, { words }) =>
    eachText(answer, ['prose', 'label'], (at) => {
      const plain = wordsIn(at).join(' ');
      if (plain === '') return undefined;
      const about = [at.describe, listOf(at, answer)?.describe].map((other) => plainly(other ?? ''));
      const isOwn =
        about.some((other) => isBeginningOf(plain, other)) || plain === plainly(at.name.split('.').at(-1) ?? '');
      return isOwn || plainWords(words).has(plain) || (at.kind === 'prose' && isAboutTheField(at))
        ? `${at.path}: fill the field with what you see instead of describing the field`
        : undefined;
    }),

  refusal,
  self_reference: selfReference,

  blank_image: (answer, { patterns, ...limits }) =>
    isBlank(answer.facts, limits)
      ? []
      : eachText(answer, ['prose'], (at) =>
          matchesAny(patterns, saidIn(at)) ? `${at.path}: the image is not blank: say what you see in it` : undefined,
        ),

  chatter: (answer, { patterns }) =>
    eachText(answer, ['prose', 'label'], (at) =>
      matchesAny(patterns, saidIn(at)) ? `${at.path}: say what you see, and nothing about the answer` : undefined,
    ),

  prompt_echo: promptEcho,
  repetition,
  repeated_items: repeatedItems,
  language,

  markup: (answer, { patterns, tokens }) =>
    eachText(answer, ['prose', 'label', 'transcript'], ({ path, text, kind }) =>
      matchesAny(tokens, text) || (kind !== 'transcript' && matchesAny(patterns, text))
        ? `${path}: write plain text, without mark-up, code or chat marks`
        : undefined,
    ),

  text_cut: textCut,
  gibberish,

  text_sanity: textSanity,

  grey_colour_words: (answer, { words, max_colourfulness }) => {
    if (answer.image.variant !== 'greyscale' && !isGreyscale(answer.facts, max_colourfulness)) return [];
    return eachText(answer, ['prose', 'label'], (at) => {
      const colour = wordsOf(saidIn(at)).find((word) => plainWords(words).has(word));
      return colour === undefined ? undefined : `${at.path}: "${colour}" cannot be seen in a greyscale image`;
    });
  },
};
