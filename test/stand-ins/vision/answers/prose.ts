import type { Random } from '../random.ts';
import { ADJECTIVES, ENDINGS, LIGHTS, PLACES, RELATIONS } from './words.ts';

export interface TextLimits {
  readonly minLength: number;
  readonly maxLength: number;
}

/** Below this a sentence is its main clause alone. */
const SHORT_CHARS = 120;

/**
 * One English sentence of 8 to 30 words, none twice, about the first of `things`. The word lists share no word; the
 * test holds them to it.
 */
export function sentence(
  random: Random,
  things: readonly string[],
  maxLength = Infinity,
  adjectives: readonly string[] = ADJECTIVES,
): string {
  const [first = 'person', second = 'chair', third = 'bottle'] = random.sample(things.slice(0, 4), 3);
  const [quality = 'red', other = 'tall', another = 'plain'] = random.sample(adjectives, 3);
  const start = `A ${quality} ${first} ${random.pick(RELATIONS)} the ${other} ${second}`;
  if (maxLength < SHORT_CHARS) return `${start}.`;
  const light = `, while ${random.pick(LIGHTS)} ${random.pick(PLACES)}`;
  const ending = random.next() < 0.5 ? '' : ` and another ${another} ${third} ${random.pick(ENDINGS)}`;
  return `${start}${light}${ending}.`;
}

/** As many texts as the lower limit needs, joined and cut between words where the upper limit wants it. */
export function fitText(next: () => string, { minLength, maxLength }: TextLimits): string {
  let text = next();
  while (text.length < minLength) text += ` ${next() || '.'}`;
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, Math.max(0, maxLength - 1));
  const lastSpace = cut.lastIndexOf(' ');
  const whole = `${cut.slice(0, lastSpace === -1 ? cut.length : lastSpace).replace(/\W+$/, '')}.`;
  return whole.length >= minLength && lastSpace > 0 ? whole : text.slice(0, maxLength);
}
