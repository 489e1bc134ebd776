import type { Look } from '../engine/look.ts';
import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';
import { asSchema } from './resolve-schema.ts';

/** Choices that say that there is nothing to tell, which a list beside them would contradict. */
const SAYS_NOTHING = /^(none|no|nothing|good|excellent|perfect|ready|safe|undamaged|general|publish|not[-_ ]visible)$/i;
const IS_EXPOSURE = /exposure/i;
/** Mean brightness, 0..255, between which light is normal. */
const [DARK, BRIGHT] = [40, 215];

/** A choice of an object that also has a list: none that the list contradicts, where there are others. */
export function besideList(property: unknown): JsonSchema {
  const schema = asSchema(property);
  if (!Array.isArray(schema.enum)) return schema;
  const others = schema.enum.filter((choice) => !SAYS_NOTHING.test(String(choice)));
  return others.length > 0 ? { ...schema, enum: others } : schema;
}

/** One of the choices; of exposures the one that fits the image. */
export function choose(choices: readonly unknown[], name: string, look: Look | undefined, random: Random): unknown {
  if (!IS_EXPOSURE.test(name)) return random.pick(choices);
  const { brightness = (DARK + BRIGHT) / 2 } = look ?? {};
  const fitting = brightness < DARK ? /under|dark/i : brightness > BRIGHT ? /over|bright/i : /normal|good|correct|ok/i;
  return choices.find((choice) => fitting.test(String(choice))) ?? random.pick(choices);
}
