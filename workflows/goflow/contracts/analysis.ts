import { z } from 'zod';
import { ruleOverridesSchema } from './qa-rules.ts';

/**
 * The language in which a definition says what an answer holds. Each type knows how it is asked from a model, checked
 * and turned into GoFlow's shape; see `activities/vision/fields.ts`.
 */
const described = { describe: z.string().optional(), ask: z.string().optional() };

const stringField = z.strictObject({
  type: z.literal('string'),
  minLength: z.int().min(0).optional(),
  /** Above 2,000 some llama.cpp versions refuse the grammar. */
  maxLength: z.int().min(1).max(2000).default(1200),
  ...described,
});
const enumField = z.strictObject({ type: z.literal('enum'), values: z.array(z.string()).min(1), ...described });
const booleanField = z.strictObject({ type: z.literal('boolean'), ...described });
const integerField = z.strictObject({
  type: z.literal('integer'),
  minimum: z.int().default(0),
  maximum: z.int().default(1_000_000),
  ...described,
});
const numberField = z.strictObject({
  type: z.literal('number'),
  minimum: z.number().default(0),
  maximum: z.number().default(1_000_000),
  ...described,
});
/** A share 0..1, asked as an integer 0-100: a grammar bounds integers, numbers it does not. */
const percentField = z.strictObject({ type: z.literal('percent'), ...described });
const hexColourField = z.strictObject({ type: z.literal('hex-colour'), ...described });
/** Asked in the model's own coordinates, reported as {x, y, width, height} in pixels of the original. */
const boxField = z.strictObject({ type: z.literal('box'), ...described });

export interface ListField {
  type: 'list';
  items: Field;
  minItems?: number | undefined;
  maxItems: number;
  describe?: string | undefined;
  ask?: string | undefined;
}
export interface ObjectField {
  type: 'object';
  fields: Record<string, Field>;
  describe?: string | undefined;
  ask?: string | undefined;
}
export type Field =
  | z.infer<typeof stringField>
  | z.infer<typeof enumField>
  | z.infer<typeof booleanField>
  | z.infer<typeof integerField>
  | z.infer<typeof numberField>
  | z.infer<typeof percentField>
  | z.infer<typeof hexColourField>
  | z.infer<typeof boxField>
  | ListField
  | ObjectField;

export type FieldType = Field['type'];

export const fieldSchema: z.ZodType<Field> = z.lazy(() =>
  z.discriminatedUnion('type', [
    stringField,
    enumField,
    booleanField,
    integerField,
    numberField,
    percentField,
    hexColourField,
    boxField,
    z.strictObject({
      type: z.literal('list'),
      items: fieldSchema,
      minItems: z.int().min(0).optional(),
      maxItems: z.int().min(1).max(200).default(50),
      ...described,
    }),
    z.strictObject({ type: z.literal('object'), fields: z.record(z.string(), fieldSchema), ...described }),
  ]),
);

/**
 * How a model writes boxes: the unit, then what differs from `[x1, y1, x2, y2]`.
 *
 * Units: `pixels` of the image as it was sent, `rel1000` 0-1000, `rel1` 0-1. `-yx`: y before x. `-size`: a corner, width
 * and height instead of two corners. `-square`: relative to the square in whose middle the server puts the image.
 */
export const coordinateModeSchema = z.enum([
  ...['pixels', 'pixels-yx', 'pixels-size', 'pixels-yx-size'],
  ...['rel1000', 'rel1000-yx', 'rel1000-size', 'rel1000-yx-size', 'rel1000-yx-square'],
  ...['rel1', 'rel1-yx', 'rel1-size', 'rel1-yx-size'],
] as const);
export type CoordinateMode = z.infer<typeof coordinateModeSchema>;

/** The properties under which models have learnt to write boxes: Qwen's, Gemini's and Gemma's, COCO's. */
export const boxProperties = ['bbox_2d', 'box_2d', 'bbox'] as const;

/** What the detector inside a worker can compute. */
export const embeddedKindSchema = z.enum([
  'object-detection',
  'people-count',
  'colour-palette',
  'image-quality',
  'image-description',
]);
export type EmbeddedKind = z.infer<typeof embeddedKindSchema>;

/** One analysis as a project runs it: frozen in the plan, whatever the files say later. */
export const definitionSchema = z.object({
  slug: z.string(),
  version: z.string(),
  model: z.string(),
  coordinates: coordinateModeSchema,
  /** The user's prompt with its variables still in it. */
  prompt: z.string(),
  /** Which variant of the image it would rather see (G17). */
  image: z.enum(['colour', 'greyscale', 'any']),
  requiresColour: z.boolean(),
  embedded: z.string().optional(),
  sampling: z.object({ temperature: z.number(), seed: z.int(), maxTokens: z.int() }),
  fields: z.record(z.string(), fieldSchema),
  /** What this analysis wants otherwise than `qa.yaml`. Plans of earlier releases have none. */
  qa: ruleOverridesSchema.optional(),
});
export type Definition = z.infer<typeof definitionSchema>;
