import { oncePer } from '../once-per.ts';
import type { TextAt } from '../types.ts';
import { wordsOf } from '../words.ts';
import { saidIn } from './said.ts';

/** Small words that hardly any other language has. */
const english = new Set('the and with from there which that this are its behind against'.split(' '));
const minShare = 0.12;

/** Whether a text is English beyond doubt: most are, and need not be asked at length what they are. */
export const isPlainlyEnglish = oncePer((at: TextAt): boolean => {
  const words = wordsOf(saidIn(at));
  const own = words.filter((word) => english.has(word));
  return own.length >= words.length * minShare && new Set(own).size >= 2;
});
