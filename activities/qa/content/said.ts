import { oncePer } from '../once-per.ts';
import type { TextAt } from '../types.ts';
import { withoutQuotes, wordsOf } from '../words.ts';

/** What a text says itself, without quotes, with straight apostrophes. Several rules ask, and each text is laid out once. */
export const saidIn = oncePer(({ text }: TextAt) => withoutQuotes(text.replaceAll(/[’‘`´]/g, "'")));

/** The words of a text, quotes included. */
export const wordsIn = oncePer(({ text }: TextAt) => wordsOf(text));
