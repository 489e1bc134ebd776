import type { Random } from '../random.ts';
import type { TextLimits } from './prose.ts';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const SETS: Readonly<Record<string, string>> = { d: DIGITS, w: LOWER + DIGITS, s: ' ' };
/** How much more than the least `*`, `+` and `{n,}` repeat. */
const MORE = 4;
const TRIES = 20;

/**
 * A text for a simple regular expression: literals, classes, groups, alternatives and quantifiers. Undefined for
 * anything beyond (look-around, back-references, negated classes), or when the limits cannot be met.
 */
export function textForPattern(pattern: string, limits: TextLimits, random: Random): string | undefined {
  try {
    const wanted = new RegExp(pattern, 'u');
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = new PatternReader(pattern, random).read();
      const { length } = text;
      if (wanted.test(text) && length >= limits.minLength && length <= limits.maxLength) return text;
    }
  } catch {
    // Not a pattern this reader understands: the caller makes some other text, as a model without grammar would.
  }
  return undefined;
}

/** Walks over the pattern once and makes the text as it goes. */
class PatternReader {
  readonly #pattern: string;
  readonly #random: Random;
  #at = 0;

  constructor(pattern: string, random: Random) {
    this.#pattern = pattern;
    this.#random = random;
  }

  read(): string {
    const text = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxError('unbalanced group');
    return text;
  }

  #alternatives(): string {
    const texts = [this.#sequence()];
    while (this.#skip('|')) texts.push(this.#sequence());
    return this.#random.pick(texts);
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern.charAt(this.#at))) {
      const start = this.#at;
      const once = this.#atom();
      const times = this.#times();
      const end = this.#at;
      text += times > 0 ? once : '';
      for (let repeat = 1; repeat < times; repeat += 1) {
        this.#at = start;
        text += this.#atom();
      }
      this.#at = end;
    }
    return text;
  }

  #atom(): string {
    const character = this.#take();
    if (character === '^' || character === '$') return '';
    if (character === '.') return this.#random.pick(Array.from(LOWER));
    if (character === '\\') return this.#random.pick(this.#escape());
    if (character === '[') return this.#random.pick(this.#set());
    if (character !== '(') return character;
    if (this.#skip('?') && !this.#skip(':')) throw new SyntaxError('special group');
    const text = this.#alternatives();
    if (!this.#skip(')')) throw new SyntaxError('unbalanced group');
    return text;
  }

  #set(): string[] {
    if (this.#skip('^')) throw new SyntaxError('negated class');
    const members: string[] = [];
    while (!this.#skip(']')) {
      const first = this.#take();
      if (first === '\\') members.push(...this.#escape());
      else if (this.#pattern[this.#at] === '-' && this.#pattern[this.#at + 1] !== ']') {
        this.#at += 1;
        members.push(...range(first, this.#take()));
      } else members.push(first);
    }
    return members;
  }

  #escape(): string[] {
    const character = this.#take();
    const set = SETS[character];
    if (set === undefined && /\w/.test(character)) throw new SyntaxError('unknown escape');
    return set === undefined ? [character] : Array.from(set);
  }

  #times(): number {
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at));
    let [min, max] = [1, 1];
    if (braces) {
      this.#at += braces[0].length;
      min = Number(braces[1]);
      max = braces[3] ? Number(braces[3]) : min + (braces[2] ? MORE : 0);
    } else if (this.#skip('?')) [min, max] = [0, 1];
    else if (this.#skip('*')) [min, max] = [0, MORE];
    else if (this.#skip('+')) [min, max] = [1, 1 + MORE];
    return this.#random.integer(min, Math.min(max, min + 4 * MORE));
  }

  #take(): string {
    const character = this.#pattern[this.#at];
    if (character === undefined) throw new SyntaxError('the pattern ends too early');
    this.#at += 1;
    return character;
  }

  #skip(character: string): boolean {
    const isThere = this.#pattern[this.#at] === character;
    if (isThere) this.#at += 1;
    return isThere;
  }
}

function range(first: string, last: string): string[] {
  const start = first.charCodeAt(0);
  const length = last.charCodeAt(0) - start + 1;
  return Array.from({ length }, (_, index) => String.fromCharCode(start + index));
}
