import type { Look } from '../engine/look.ts';
import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';
import { asSchema } from './resolve-schema.ts';

/** Choices that say so much, or that there is nothing to tell, that what stands beside them could contradict it. */
const SAYS_NOTHING = /^(none|no|nothing|good|excellent|perfect|ready|safe|undamaged|general|publish|not[-_ ]visible)$/i;
const SAYS_MUCH =
  /^(night|midday|joyful|festive|romantic|gloomy|neutral|sun|fire|rain|snow|street|park|nature|rendering|camera-shake)$/i;
const IS_EXPOSURE = /exposure/i;
/** Mean brightness, 0..255, between which light is normal. */
const [DARK, BRIGHT] = [40, 215];

/** A choice of an object that has more to say: none that the rest contradicts, where there are others. */
export function besideOthers(property: unknown): JsonSchema {
  const schema = asSchema(property);
  if (!Array.isArray(schema.enum)) return schema;
  const others = schema.enum.map(String).filter((choice) => !SAYS_NOTHING.test(choice) && !SAYS_MUCH.test(choice));
  return others.length > 0 ? { ...schema, enum: others } : schema;
}

/** One of the choices; of exposures the one that fits the image. */
export function choose(choices: readonly unknown[], name: string, look: Look | undefined, random: Random): unknown {
  if (!IS_EXPOSURE.test(name)) return random.pick(choices);
  const { brightness = (DARK + BRIGHT) / 2 } = look ?? {};
  const fitting = brightness < DARK ? /under|dark/i : brightness > BRIGHT ? /over|bright/i : /normal|good|correct|ok/i;
  return choices.find((choice) => fitting.test(String(choice))) ?? random.pick(choices);
}

/** Takes every `main_keyword` from the list `keywords` beside it. */
export function chooseBest(value: Record<string, unknown>): void {
  for (const name of Object.keys(value)) {
    const list = name.startsWith('main_') ? value[`${name.replace('main_', '')}s`] : undefined;
    if (Array.isArray(list) && typeof list[0] === 'string') value[name] = list[0];
  }
}

/** Makes every `overall_severity` the worst `severity` in a list beside it. */
export function rateByWorst(value: Record<string, unknown>, properties: JsonSchema): void {
  const items = Object.values(value).flatMap((list) => (Array.isArray(list) ? list.map(asSchema) : []));
  for (const [name, property] of Object.entries(properties)) {
    const { enum: choices } = asSchema(property);
    if (!name.startsWith('overall_') || !Array.isArray(choices)) continue;
    const ranks = items.map((item) => choices.indexOf(item[name.replace('overall_', '')]));
    value[name] = choices[Math.max(0, ...ranks)];
  }
}
