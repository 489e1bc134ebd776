import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';

/** Where dark and bright are both to be seen, neither is lost: a thing on white paper. */
const fullRange = 150;

/** A verdict on the exposure against the mean brightness of the pixels, with wide margins: a night may be dark. */
export function exposureMatchesPixels(
  { facts: { pixels }, fields }: ParsedAnswer,
  params: RuleParams['domain']['exposure_matches_pixels'],
): Fault[] {
  if (pixels === undefined) return [];
  const { brightness: mean, range } = pixels;
  return fields.flatMap(({ path, name, field, value }): Fault[] => {
    if (field.type !== 'enum' || typeof value !== 'string' || !/(^|\.)exposure\w*$/.test(name)) return [];
    const isWrong =
      (/^under/i.test(value) && mean > params.under_max_mean) ||
      (/^over/i.test(value) && mean < params.over_min_mean) ||
      (/^(normal|good|correct|ok)/i.test(value) &&
        range < fullRange &&
        (mean < params.normal_min_mean || mean > params.normal_max_mean));
    return isWrong ? [{ path, message: `${path}: "${value}" at a mean brightness of ${Math.round(mean)} of 255` }] : [];
  });
}
