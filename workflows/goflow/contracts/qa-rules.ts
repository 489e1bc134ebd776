import { z } from 'zod';
import { relationsSchema } from './qa-relations.ts';

/**
 * Which QA rules there are, and what each is told in `config/qa.yaml` and in a definition's `qa:`. What a rule does with
 * it stands in `activities/qa/`, in tables typed over this one: a rule without an implementation does not compile.
 */
const share = z.number().min(0).max(1);
const count = z.int().min(0);
/** A regular expression, used without regard to case. */
const pattern = z.string().refine(compiles, 'not a regular expression');
const patterns = z.array(pattern);
const nothing = z.strictObject({});

function compiles(text: string): boolean {
  try {
    new RegExp(text, 'iu');
    return true;
  } catch {
    return false;
  }
}

export const ruleParams = {
  structural: {
    /** The server cut the answer at the token limit. */
    finish_stop: nothing,
    /** The server never said that the answer was whole, or it never ended. */
    finish_complete: nothing,
    /** Prose without one brace: a refusal or an essay. */
    json_present: nothing,
    json_parse: nothing,
    /** A fence or a sentence around the object, which was dropped. */
    json_alone: nothing,
    /** Python's or JavaScript's way of writing an object, which was read all the same. */
    json_dialect: nothing,
    json_duplicate_keys: nothing,
    /** JSON writes 1e999 and reads Infinity. */
    numbers_finite: nothing,
    /** Numbers in quotation marks, which were taken for numbers. */
    numbers_quoted: nothing,
    /** Shares 0-1 throughout, where percentages are asked for, which were taken for them. */
    percent_scale: nothing,
    schema: z.strictObject({ max_issues: z.int().min(1) }),
    /** Properties nobody asked for, which were dropped. */
    schema_extra: nothing,
    /** Opposite corners, told in the wrong order. */
    box_order: nothing,
  },
  content: {
    non_empty: nothing,
    /** Items that say only that there is none. */
    empty_items: z.strictObject({ patterns }),
    placeholder: z.strictObject({ patterns }),
    schema_echo: z.strictObject({ words: z.array(z.string()) }),
    /** What was read from the image has patterns of its own: it is not the model that speaks there. */
    refusal: z.strictObject({ patterns, transcript_patterns: patterns.optional() }),
    /** Words about whoever answers or asks, where the image is to be described. */
    self_reference: nothing,
    /**
     * An image that is called blank, where its levels lie further apart than this (0..255) and its main colour makes less
     * than this share of it.
     */
    blank_image: z.strictObject({ patterns, max_range: z.number().min(0), min_share: share }),
    /** Talk about the answer instead of the image. */
    chatter: z.strictObject({ patterns }),
    prompt_echo: z.strictObject({ ngram: z.int().min(2), min_words: count, max_overlap: share, max_run_words: count }),
    repetition: z.strictObject({ ngram: z.int().min(2), max_repeats: z.int().min(1), max_transcript_repeats: count }),
    repeated_items: z.strictObject({ min_words: count }),
    language: z.strictObject({ expect: z.string().length(2), min_characters: count, min_margin: share }),
    /** `patterns` in prose only, `tokens` in what was read from the image, too. */
    markup: z.strictObject({ patterns, tokens: patterns }),
    /** A text that ends in mid-sentence where the grammar bounds its length. */
    text_cut: z.strictObject({ max_room: count }),
    text_sanity: z.strictObject({ min_alphanumeric_share: share, min_characters: count }),
    /** Letters that make no words of any language. */
    gibberish: z.strictObject({ min_characters: count, min_score: share, min_vowel_share: share.optional() }),
    /** Where no pixel differs by more than this between its channels, 0..255. */
    grey_colour_words: z.strictObject({ words: z.array(z.string()), max_colourfulness: z.number().min(0) }),
  },
  domain: {
    /** All coordinates in a range that only another mode uses, or sizes instead of second corners. */
    coord_mode: nothing,
    /**
     * Boxes of a model that is asked for pixels, but in so many images has never gone beyond 1000, although the images
     * do: the likelihood of that with honest boxes.
     */
    coordinate_scale: z.strictObject({ max_chance: share, min_images: z.int().min(1) }),
    /** A small overshoot is normal for detectors and models and is clamped; further out, the box is wrong. */
    box_in_image: z.strictObject({ clamp_px: z.number().min(0) }),
    box_min: z.strictObject({ side_px: z.number().min(0), area_px: z.number().min(0) }),
    box_max: z.strictObject({ area_share: share, min_boxes: z.int().min(1), unless_labels: z.array(z.string()) }),
    box_duplicates: z.strictObject({ iou: share }),
    /** Different things in about the same box. */
    box_one_for_all: z.strictObject({ iou: share, min_boxes: z.int().min(2) }),
    box_grid_suspect: z.strictObject({ min_boxes: z.int().min(3), tolerance_share: share }),
    /** Boxes that lie on edges of the image when they are read in another mode, and beside them as they stand. */
    box_on_edges: z.strictObject({
      min_gain: z.number().min(1),
      min_edge: z.number().min(0),
      min_boxes: z.int().min(1),
    }),
    /** A text and a list of its parts, by the share of letters that stand in both. */
    whole_text_matches: z.strictObject({ min_share: share }),
    /** With so many boxes a person may have stopped drawing them: a count may be higher. */
    count_matches: z.strictObject({ crowd_boxes: count }),
    /** What goes together in one answer, as a definition says it. */
    fields_agree: relationsSchema,
    confidence_spread: z.strictObject({ min_items: z.int().min(2), min_distinct: z.int().min(2) }),
    /** Abbreviations are words without a vowel. Plans of earlier releases have none. */
    label_sanity: z.strictObject({ max_words: z.int().min(1), abbreviations: z.array(z.string()).optional() }),
    /** Only where a definition gives its labels. */
    label_vocabulary: z.strictObject({ labels: z.array(z.string()) }),
    palette_in_pixels: z.strictObject({ delta_e: z.number().positive(), max_share_error: share }),
    palette_shares: z.strictObject({ min_sum: share, max_sum: z.number().min(1) }),
    /** Also one that others of the list surpass by more than this factor. */
    palette_dominant: z.strictObject({ delta_e: z.number().positive(), min_share_of_largest: share }),
    palette_twins: z.strictObject({ delta_e: z.number().positive() }),
    colour_names: z.strictObject({ max_hue_degrees: z.number().positive() }),
    /** A picture called sharp without one steep edge, or full of contrast within a narrow range of greys. */
    quality_matches_pixels: z.strictObject({
      sharp_from: z.number(),
      max_soft_edge: share,
      contrast_from: z.number(),
      max_flat_range: z.number(),
    }),
    /** Means of the grey levels, 0..255. */
    exposure_matches_pixels: z.strictObject({
      under_max_mean: z.number(),
      over_min_mean: z.number(),
      normal_min_mean: z.number(),
      normal_max_mean: z.number(),
    }),
  },
} as const;

export type RuleParams = {
  readonly [S in keyof typeof ruleParams]: {
    readonly [N in keyof (typeof ruleParams)[S]]: (typeof ruleParams)[S][N] extends z.ZodType<infer P> ? P : never;
  };
};
export type RuleStage = keyof RuleParams;
export type RuleName = { [S in RuleStage]: keyof RuleParams[S] }[RuleStage];

/**
 * What follows a fault. `fix` and `filter` where a rule knows how, else the model is asked again.
 * `reask` appends the bad answer and its faults; `reask-fresh` starts over, since appending would anchor a refusal or an
 * invention; `retry-longer` starts over with more room.
 */
export const onFailSchema = z.enum(['fix', 'filter', 'flag', 'reask', 'reask-fresh', 'retry-longer']);
export type OnFail = z.infer<typeof onFailSchema>;

/** When repairs are used up: fail the combination, or take the best answer there was and say that it is degraded. */
const giveUpSchema = z.enum(['fail', 'degrade']);

export interface RuleConfig<P = unknown> {
  readonly rule: RuleName;
  readonly on_fail: OnFail;
  readonly give_up?: 'fail' | 'degrade' | undefined;
  readonly params: P;
}

function configsOf(stage: RuleStage): z.ZodType<RuleConfig[]> {
  const rules = Object.entries<z.ZodType>(ruleParams[stage]).map(([rule, params]) => {
    const config = { rule: z.literal(rule), on_fail: onFailSchema, give_up: giveUpSchema.optional() };
    return z.strictObject({ ...config, params: params.prefault({}) });
  });
  const known = Object.keys(ruleParams[stage]).join(', ');
  const error = (issue: { code?: string }) =>
    issue.code === 'invalid_union' ? `unknown rule of the stage ${stage}; known are ${known}` : undefined;
  const list = z.array(z.discriminatedUnion('rule', rules as [(typeof rules)[number]], { error }));
  // zod cannot follow the names through the table
  return list.superRefine(refuseTwins) as unknown as z.ZodType<RuleConfig[]>;
}

function refuseTwins(configs: readonly { rule: unknown }[], context: z.RefinementCtx): void {
  configs.forEach(({ rule }, index) => {
    if (configs.findIndex((other) => other.rule === rule) < index)
      context.addIssue({ code: 'custom', path: [index, 'rule'], message: `${String(rule)} stands here twice` });
  });
}

/** In the order in which they run: what one rule fixes or filters, the next one sees. */
export const rulesSchema = z.strictObject({
  structural: configsOf('structural'),
  content: configsOf('content'),
  domain: configsOf('domain'),
});
export type Rules = z.infer<typeof rulesSchema>;

const stageOf = (rule: RuleName): RuleStage =>
  rule in ruleParams.structural ? 'structural' : rule in ruleParams.content ? 'content' : 'domain';
const ruleNames = Object.values(ruleParams).flatMap((rules) => Object.keys(rules)) as [RuleName, ...RuleName[]];

/** What one analysis wants otherwise: a rule off, another reaction, other params (the rest stays). */
export const ruleOverridesSchema = z.partialRecord(
  z.enum(ruleNames),
  z.union([
    z.literal('off'),
    z.strictObject({
      on_fail: onFailSchema.optional(),
      give_up: giveUpSchema.optional(),
      params: z.record(z.string(), z.unknown()).optional(),
    }),
  ]),
);
export type RuleOverrides = z.infer<typeof ruleOverridesSchema>;

/**
 * The rules as one analysis runs them.
 *
 * @returns the rules, or the faults, each with the path below `qa` of the definition
 */
export function overrideRules(
  rules: Rules,
  overrides: RuleOverrides = {},
): { rules: Rules } | { faults: { path: string[]; message: string }[] } {
  const merged: Record<RuleStage, RuleConfig[]> = {
    structural: [...rules.structural],
    content: [...rules.content],
    domain: [...rules.domain],
  };
  for (const [rule, override] of Object.entries(overrides) as [RuleName, RuleOverrides[RuleName]][]) {
    const list = merged[stageOf(rule)];
    const found = list.findIndex((config) => config.rule === rule);
    const index = found < 0 ? list.length : found;
    if (override === 'off') list.splice(index, 1);
    else list[index] = withOverride(list[index] ?? { rule, on_fail: 'flag', params: {} }, override);
  }
  const parsed = rulesSchema.safeParse(merged);
  if (parsed.success) return { rules: parsed.data };
  const faults = parsed.error.issues.map(({ path: [stage, index, ...rest], message }) => {
    const rule = merged[stage as RuleStage][Number(index)]?.rule ?? '';
    return { path: [rule, ...rest.map(String)], message };
  });
  return { faults };
}

const withOverride = (config: RuleConfig, override: Exclude<RuleOverrides[RuleName], 'off'>): RuleConfig => ({
  ...config,
  ...(override?.on_fail && { on_fail: override.on_fail }),
  ...(override?.give_up && { give_up: override.give_up }),
  params: { ...(config.params as object), ...override?.params },
});
