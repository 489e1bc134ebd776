import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';
import type { AnswerContext } from './context.ts';
import { textForPattern } from './pattern.ts';
import { isHex, isMainColour } from './colours.ts';
import { fitText } from './prose.ts';
import { COLOURS } from './words.ts';

const IS_PROSE =
  /descri|summar|text|reason|caption|explan|comment|detail|note|rationale|observ|finding|analys|stor(y|ies)|sentence|answer|message|content|justif|remark|advice|recommend|assess|overview/i;
const IS_LABEL = /label|name|class|categor|object|item|tag|keyword|kind|type|subject|species|material/i;
const IS_COLOUR = /colou?r/i;
const IS_LANGUAGE = /^lang/i;
const LANGUAGES = ['English', 'German', 'French', 'Spanish', 'Italian'];

/** Texts that obey the schema and look like what the property's name says. */
export function stringFor(schema: JsonSchema, name: string, context: AnswerContext): string {
  const { random } = context;
  const limits = {
    minLength: typeof schema.minLength === 'number' ? schema.minLength : 0,
    maxLength: typeof schema.maxLength === 'number' ? schema.maxLength : Infinity,
  };
  if (isHex(name, schema)) {
    const { hex } = (isMainColour(name) ? context.colours[0] : undefined) ?? context.colour();
    return fitText(() => hex, limits);
  }
  const made = typeof schema.pattern === 'string' ? textForPattern(schema.pattern, limits, random) : undefined;
  if (made !== undefined) return made;
  const formatted = typeof schema.format === 'string' ? FORMATS[schema.format]?.(random) : undefined;
  if (formatted !== undefined) return formatted;
  if (IS_COLOUR.test(name)) return fitText(() => colourWord(context), limits);
  if (IS_LANGUAGE.test(name))
    return fitText(() => random.pick(limits.maxLength < 7 ? ['en', 'de'] : LANGUAGES), limits);
  if (IS_PROSE.test(name) || limits.minLength >= 20 || name === '') return context.prose(limits);
  if (IS_LABEL.test(name)) return fitText(context.label, limits);
  return fitText(() => `${random.pick(context.adjectives)} ${context.label()}`, limits);
}

function colourWord({ look, random }: AnswerContext): string {
  return look?.isGrey === true ? 'unclear' : random.pick(COLOURS);
}

/** A property called only "name" takes its meaning from what it is in: a palette's entries are named by colours. */
export function nameWithin(parent: string, name: string): string {
  return /^(name|label|value)$/i.test(name) && /colou?r|palette/i.test(parent) ? 'colour' : name;
}

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  'date-time': (random) => `${date(random)}T${two(random, 0, 23)}:${two(random, 0, 59)}:${two(random, 0, 59)}Z`,
  date: (random) => date(random),
  time: (random) => `${two(random, 0, 23)}:${two(random, 0, 59)}:${two(random, 0, 59)}Z`,
  email: (random) => `${random.pick(COLOURS)}.${random.integer(1, 999)}@example.org`,
  uri: (random) => `https://example.org/${random.pick(COLOURS)}/${random.integer(1, 999)}`,
  url: (random) => `https://example.org/${random.pick(COLOURS)}/${random.integer(1, 999)}`,
  uuid: (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
};

function date(random: Random): string {
  return `20${two(random, 10, 26)}-${two(random, 1, 12)}-${two(random, 1, 28)}`;
}

function two(random: Random, min: number, max: number): string {
  return String(random.integer(min, max)).padStart(2, '0');
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('');
}
