import { oncePer } from '../once-per.ts';
import type { TextAt } from '../types.ts';
import { withoutQuotes, wordsOf } from '../words.ts';

// several rules ask about the same texts: each is laid out once

/** What a text says itself, without quotes, with straight apostrophes. */
export const saidIn = oncePer(({ text }: TextAt) => withoutQuotes(text.replaceAll(/[’‘`´]/g, "'")));

/** The words of each sentence of a text, quotes included. */
export const sentencesIn = oncePer(({ text }: TextAt) => text.split(/(?<=[.!?。！？])|\n+/u).map(wordsOf));

/** The words of a text. */
export const wordsIn = oncePer((at: TextAt) => sentencesIn(at).flat());
