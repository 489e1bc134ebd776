import type { JsonSchema } from '../engine/inference.ts';
import type { Look } from '../engine/look.ts';
import type { Random } from '../random.ts';
import type { TransformHow } from '../script.ts';
import { answerContext } from './context.ts';
import { valueFor } from './from-schema.ts';
import { SPOILERS, type Spoiler } from './spoilers.ts';

/** What format "json" without a schema gets. */
const ANY_JSON: JsonSchema = {
  type: 'object',
  properties: { description: { type: 'string' }, objects: { type: 'array', items: { type: 'string' } } },
};
/** Without a format: a few sentences. */
const PROSE_LIMITS = { minLength: 120, maxLength: 1200 };

/**
 * The text of an answer: prose, or JSON that is valid against the schema, spoilt when a transform says so. The same
 * random stream gives the same text.
 *
 * @throws {Refusal} bad-schema
 */
export function composeAnswer(input: {
  readonly schema: JsonSchema | 'json' | undefined;
  readonly random: Random;
  readonly transform: TransformHow | undefined;
  /** The last message of the conversation, for the answer that only echoes it. */
  readonly question: string;
  /** All that was said so far. */
  readonly prompt?: string | undefined;
  /** What is seen of the image: colours, light and edges. The rest is invented. */
  readonly look?: Look | undefined;
}): string {
  const { random, question, prompt = question, look } = input;
  const spoiler: Spoiler = input.transform ? SPOILERS[input.transform] : {};
  const root = input.schema === 'json' ? ANY_JSON : (input.schema ?? {});
  const context = answerContext({ random, root, question, prompt, spoiler, look });
  const value = input.schema === undefined ? context.prose(PROSE_LIMITS) : valueFor(root, '', context);
  const spoilt = spoiler.value?.(value) ?? value;
  const text = input.schema === undefined && typeof spoilt === 'string' ? spoilt : layOut(spoilt, random);
  return spoiler.text?.(text) ?? text;
}

/** Models put white space where the grammar lets them. */
function layOut(value: unknown, random: Random): string {
  const luck = random.next();
  if (luck < 0.6) return JSON.stringify(value);
  return luck < 0.85 ? JSON.stringify(value, undefined, 2) : `\n ${JSON.stringify(value)} \n`;
}
