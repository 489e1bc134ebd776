import { sha256 } from '../shared/digest.ts';
import type { Json } from '../vision/fields.ts';
import { plainly } from './words.ts';

/** Shorter texts may well be the same: "One person is in the picture." */
const minCharacters = 80;
const maxTexts = 4;

/** Digests of the long texts of a result, by their words: short enough for every outcome of a project. */
export const longTexts = (result: Json): string[] =>
  [...textsIn(result)]
    .map(plainly)
    .filter((text) => text.length >= minCharacters)
    .slice(0, maxTexts)
    .map((text) => sha256(text).slice(0, 12));

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* textsIn(item);
}
