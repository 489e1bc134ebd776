import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';

/** Less between dark and bright tells nothing of edges. */
const minRange = 40;

/** Ratings out of a hundred against the pixels, where they are far off: only the sure direction of each is judged. */
export function qualityMatchesPixels(
  { facts: { pixels }, fields }: ParsedAnswer,
  params: RuleParams['domain']['quality_matches_pixels'],
): Fault[] {
  if (pixels === undefined) return [];
  const { range, steepness } = pixels;
  const isSoft = range >= minRange && steepness <= params.max_soft_edge;
  const isFlat = range <= params.max_flat_range;
  return fields.flatMap(({ path, name, field, value }): Fault[] => {
    if (typeof value !== 'number' || !('maximum' in field) || field.maximum !== 100) return [];
    const isWrong =
      (isSoft && value >= params.sharp_from && /(^|\.)sharpness$/.test(name)) ||
      (isFlat && value >= params.contrast_from && /(^|\.)contrast$/.test(name));
    return isWrong ? [{ path, message: `${path}: ${value} of 100 is far from what the pixels show` }] : [];
  });
}
