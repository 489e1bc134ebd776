import type { ParsedAnswer, RuleTable } from '../types.ts';
import { matchesAny } from '../patterns.ts';
import { plainly, withoutQuotes, wordsOf } from '../words.ts';
import { promptEcho } from './echo.ts';
import { language } from './language.ts';
import { repeatedItems, repetition } from './repetition.ts';
import { eachText } from './each-text.ts';
import { isGreyscale } from '../domain/palette.ts';

/** Stage 2: does it say something, in words of its own? */
export const contentRules: RuleTable<ParsedAnswer, 'content'> = {
  non_empty: (answer) =>
    eachText(answer, ['prose', 'label'], ({ path, text, describe }) => {
      if (/[\p{L}\p{N}]/u.test(text)) return undefined;
      // a definition may say that there can be nothing to say
      const mayBeEmpty = text.trim() === '' && /\b(empty|none|if any|optional|blank)\b/i.test(describe ?? '');
      return mayBeEmpty ? undefined : `${path || 'the text'}: there is nothing in it: say what you see`;
    }),

  placeholder: (answer, { patterns }) =>
    eachText(answer, ['prose', 'label'], ({ path, text }) =>
      matchesAny(patterns, text.trim()) ? `${path}: give a real value, not a placeholder` : undefined,
    ),

  schema_echo: (answer, { words }) =>
    eachText(answer, ['prose', 'label'], ({ path, text, name, describe }) => {
      const plain = plainly(text);
      const own = [describe, name.split('.').at(-1), ...words].map((other) => plainly(other ?? ''));
      return plain !== '' && own.includes(plain)
        ? `${path}: fill the field with what you see instead of describing the field`
        : undefined;
    }),

  refusal: (answer, { patterns }) =>
    eachText(answer, ['prose', 'label', 'transcript'], ({ path, text }) =>
      matchesAny(patterns, withoutQuotes(straight(text)))
        ? `${path}: describe what you see instead of refusing`
        : undefined,
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

  text_sanity: (answer, { min_alphanumeric_share, min_characters }) =>
    eachText(answer, ['prose', 'label', 'transcript'], ({ path, text, kind }) => {
      if (/\uFFFD|[\u0000-\u0008\u000B\u000C\u000E-\u001F]|Ã[\u0080-\u00BF]|â€[™œ“]/u.test(text))
        return `${path}: there are broken characters in it`;
      const visible = text.replaceAll(/\s/g, '');
      const share = (visible.match(/[\p{L}\p{M}\p{N}]/gu) ?? []).join('').length / visible.length;
      if (visible.length < min_characters || share >= min_alphanumeric_share || kind === 'label') return undefined;
      return `${path}: it is mostly signs and hardly words`;
    }),

  grey_colour_words: (answer, { words, max_chroma }) => {
    if (answer.image.variant !== 'greyscale' && !isGreyscale(answer.facts, max_chroma)) return [];
    const colours = new Set(words);
    return eachText(answer, ['prose', 'label'], ({ path, text }) => {
      const colour = wordsOf(withoutQuotes(text)).find((word) => colours.has(word));
      return colour === undefined ? undefined : `${path}: "${colour}" cannot be seen in a greyscale image`;
    });
  },
};

const straight = (text: string) => text.replaceAll(/[’‘`´]/g, "'");
