import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, FieldAt, ParsedAnswer } from '../types.ts';

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

/** A bad verdict without one reason where the answer has a list for them, or a good one with reasons and bad ratings. */
export function verdictHasReasons({ fields }: ParsedAnswer): Fault[] {
  return fields.flatMap(({ path, field, value }): Fault[] => {
    if (field.type !== 'enum' || typeof value !== 'string' || !(badVerdicts.test(value) || goodVerdicts.test(value)))
      return [];
    const parent = path.slice(0, path.lastIndexOf('.') + 1);
    const reasons = fields.find(
      (at) => at.field.type === 'list' && at.path.startsWith(parent) && reasonNames.test(at.path.slice(parent.length)),
    );
    const count = Array.isArray(reasons?.value) ? reasons.value.length : undefined;
    if (badVerdicts.test(value))
      return count === 0 ? [{ path, message: `${path}: "${value}", but no reason is given` }] : [];
    const siblings = fields.filter((at) => at.path.startsWith(parent) && !at.path.slice(parent.length).includes('.'));
    return count !== undefined && count > 0 && siblings.some(isBadRating)
      ? [{ path, message: `${path}: "${value}" contradicts what the other fields say` }]
      : [];
  });
}

const badVerdicts = /^(poor|bad|unusable|failed|damaged|unsafe)$/i;
const goodVerdicts = /^(good|excellent|perfect|flawless|safe|undamaged)$/i;
const worstRating = 15;

const isBadRating = ({ name, field, value }: FieldAt) =>
  ('maximum' in field && field.maximum === 100 && typeof value === 'number' && value <= worstRating) ||
  (field.type === 'enum' && /(^|\.)exposure$/.test(name) && typeof value === 'string' && /^(under|over)/i.test(value));

const reasonNames = /^(issues|problems|defects|faults|reasons|damages|risks|hazards)$/;
