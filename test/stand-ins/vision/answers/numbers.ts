import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';

const IS_CONFIDENCE = /confidence|score|probability|certainty|likelihood/i;
/** What the stand-in does not measure is neither good nor bad. */
const IS_RATING = /sharpness|contrast|brightness|noise/i;
/** Of what is named beside it: not nothing. */
const IS_SHARE = /share/i;
const IS_COUNT = /count|number|total|quantity|amount/i;
/** Without a bound, numbers are small, and counts are smaller. */
const USUAL_SPAN = 100;
const COUNT_SPAN = 12;
/** Bounds above this come from a number format (zod writes 2^53-1 for every integer) and mean nothing. */
const FORMAT_BOUND = 1e9;

/** A number inside the schema's bounds, and one a person would expect under that name. */
export function numberFor(schema: JsonSchema, name: string, random: Random): number {
  const isInteger = schema.type === 'integer';
  const step = finite(schema.multipleOf) ?? (isInteger ? 1 : 0.01);
  const bounds = boundsOf(schema, step);
  const isConfidence = IS_CONFIDENCE.test(name);
  const span = IS_COUNT.test(name) ? COUNT_SPAN : USUAL_SPAN;
  const unit = isConfidence && !isInteger ? 1 : USUAL_SPAN;
  const lowest = bounds.min ?? Math.min(0, bounds.max ?? 0);
  const highest = bounds.max ?? lowest + unit;
  if (IS_RATING.test(name) && bounds.max !== undefined) {
    const middle = onGrid(lowest + 0.4 * (highest - lowest), lowest + 0.7 * (highest - lowest), step, random);
    if (middle !== undefined) return middle;
  }
  const least = isInteger && IS_SHARE.test(name) ? Math.min(highest, lowest + 1) : lowest;
  const from = isConfidence ? lowest + 0.55 * (highest - lowest) : least;
  const to = isConfidence ? lowest + 0.98 * (highest - lowest) : Math.min(highest, lowest + span);
  return onGrid(from, to, step, random) ?? onGrid(lowest, highest, step, random) ?? lowest;
}

/** Brings a coordinate of the 0..500 frame under the schema's upper bound and to its kind of number. */
export function coordinateFor(schema: JsonSchema, value: number): number {
  const max = finite(schema.maximum);
  const scaled = max !== undefined && max < 500 ? (value * max) / 500 : value;
  return schema.type === 'integer' ? Math.round(scaled) : Number(scaled.toFixed(4));
}

function boundsOf(schema: JsonSchema, step: number): { min: number | undefined; max: number | undefined } {
  const above = finite(schema.exclusiveMinimum);
  const below = finite(schema.exclusiveMaximum);
  const min = greatest(finite(schema.minimum), above === undefined ? undefined : above + step);
  const max = smallest(finite(schema.maximum), below === undefined ? undefined : below - step);
  // From a format's own lowest value nothing sensible can be counted up.
  const isOpenBelow = min !== undefined && min < -FORMAT_BOUND;
  return { min: isOpenBelow ? smallest(0, max) : min, max: max !== undefined && max > FORMAT_BOUND ? undefined : max };
}

/** A multiple of `step` in the range, or undefined when there is none. */
function onGrid(from: number, to: number, step: number, random: Random): number | undefined {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return first > last ? undefined : Number((random.integer(first, last) * step).toPrecision(12));
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : Math.max(a, b ?? a);
}

function smallest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : Math.min(a, b ?? a);
}
