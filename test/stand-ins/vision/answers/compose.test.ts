import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../engine/inference.ts';
import { randomFrom } from '../random.ts';
import { composeAnswer } from './compose.ts';
import { sentence } from './prose.ts';
import { NOUNS } from './words.ts';

function compose(schema: JsonSchema, seed: number): unknown {
  const text = composeAnswer({ schema, random: randomFrom(seed), transform: undefined, question: '' });
  return JSON.parse(text);
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

const tree: z.ZodType = z.lazy(() => z.strictObject({ label: z.string(), parts: z.array(tree) }));

const schemas: Record<string, z.ZodType> = {
  detection: z.strictObject({
    objects: z
      .array(
        z.strictObject({
          label: z.string().max(30),
          bbox_2d: z.array(z.int()).length(4),
          confidence: z.int().min(0).max(100),
        }),
      )
      .max(50),
    image_description: z.string().min(20).max(1200),
  }),
  'relative boxes': z.object({ box_2d: z.array(z.number().min(0).max(1)).length(4), score: z.number().min(0).max(1) }),
  'boxes as objects': z.object({
    bounding_box: z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) }),
  }),
  numbers: z.object({
    a: z.number().gt(0).lt(1),
    b: z.int().min(-5).max(-2),
    c: z.number().multipleOf(0.25).min(1),
    d: z.int(),
    e: z.number().max(-10),
    f: z.int32(),
    g: z.number().gt(4),
  }),
  texts: z.object({
    short_text: z.string().max(12),
    exact: z.string().length(5),
    long_reason: z.string().min(300).max(320),
    hex: z.string().regex(/^#[0-9a-fA-F]{6}$/),
    code: z.string().regex(/^(AB|CD)-\d{3}[a-f]?$/),
    when: z.iso.date(),
    id: z.uuid(),
    mail: z.email(),
  }),
  choices: z.object({
    kind: z.enum(['day', 'night']),
    fixed: z.literal(3),
    either: z.union([z.string(), z.int()]),
    maybe: z.string().nullable(),
    one: z.discriminatedUnion('t', [z.object({ t: z.literal('a'), n: z.int() }), z.object({ t: z.literal('b') })]),
    both: z.intersection(z.object({ a: z.int() }), z.object({ b: z.boolean() })),
    optional: z.string().optional(),
  }),
  lists: z.object({
    few: z.array(z.string()).min(5).max(6),
    one: z.array(z.string()).max(1),
    none: z.array(z.string()).length(0),
    pair: z.tuple([z.string(), z.int()]),
    table: z.record(z.string(), z.number()),
  }),
  'nullable numbers': z.fromJSONSchema({
    type: 'object',
    properties: { count: { type: ['integer', 'null'], minimum: 3 }, share: { type: ['null', 'number'], maximum: 0.5 } },
    required: ['count', 'share'],
  }),
  'lists of boxes': z.object({
    boxes: z.array(z.array(z.int().min(10).max(450)).length(4)).min(3),
    bbox: z.array(z.strictObject({ x1: z.int(), y1: z.int(), x2: z.int(), y2: z.int() })),
    box_2d: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  }),
  recursive: tree,
};

test.each(Object.entries(schemas))('answers are valid: %s', (_name, schema) => {
  const json = z.toJSONSchema(schema);
  for (const seed of SEEDS) {
    const parsed = schema.safeParse(compose(json, seed));
    expect(parsed.error?.issues, `seed ${seed}`).toBeUndefined();
  }
});

test('boxes are ordered, of fair size, inside the frame and mostly apart', () => {
  const schema = z.object({
    boxes: z.array(z.object({ label: z.string(), bbox_2d: z.array(z.int()).length(4) })).length(5),
  });
  for (const seed of SEEDS) {
    const { boxes } = schema.parse(compose(z.toJSONSchema(schema), seed));
    const corners = boxes.map(({ bbox_2d }) => bbox_2d as [number, number, number, number]);
    for (const [x1, y1, x2, y2] of corners) {
      for (const at of [x1, y1, x2, y2]) expect(at >= 10 && at <= 450).toBe(true);
      for (const side of [x2 - x1, y2 - y1]) expect(side >= 40 && side <= 200).toBe(true);
    }
    expect(new Set(corners.map(String)).size).toBe(5);
    expect(new Set(boxes.map(({ label }) => label)).size).toBe(5);
    const overlaps = corners.flatMap((a, index) => corners.slice(index + 1).map((b) => intersectionOverUnion(a, b)));
    expect(Math.max(...overlaps)).toBeLessThan(0.3);
  }
});

test('sentences have 8 to 30 words, none twice', () => {
  for (const seed of SEEDS) {
    for (const maxLength of [100, 1000]) {
      const things = randomFrom(seed).sample(NOUNS, 4);
      const words: string[] =
        sentence(randomFrom('sentence', seed), things, maxLength)
          .toLowerCase()
          .match(/[\p{L}]+/gu) ?? [];
      expect(words.length >= 8 && words.length <= 30).toBe(true);
      expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    }
  }
});

test('the description is about the things that were found', () => {
  const schema = z.object({ objects: z.array(z.object({ label: z.string() })).length(4), description: z.string() });
  const { objects, description } = schema.parse(compose(z.toJSONSchema(schema), 1));
  expect(objects.filter(({ label }) => description.includes(label)).length).toBeGreaterThan(1);
});

test('confidence varies inside its range', () => {
  const schema = z.object({ found: z.array(z.object({ confidence: z.number().min(0).max(1) })).length(6) });
  const { found } = schema.parse(compose(z.toJSONSchema(schema), 3));
  expect(new Set(found.map(({ confidence }) => confidence)).size).toBeGreaterThan(3);
});

test('answers to different keys differ', () => {
  const schema = { properties: { summary: { type: 'string' } } };
  expect(new Set(SEEDS.map((seed) => JSON.stringify(compose(schema, seed)))).size).toBe(SEEDS.length);
});

test('some answers have white space around and inside, as models write it', () => {
  const texts = SEEDS.map((seed) =>
    composeAnswer({ schema: 'json', random: randomFrom(seed), transform: undefined, question: '' }),
  );
  expect(texts.some((text) => text.startsWith('\n'))).toBe(true);
  expect(texts.some((text) => text.includes('\n  "'))).toBe(true);
});

test('a reference in a circle is a bad schema', () => {
  const circle = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
  expect(() => compose(circle, 0)).toThrow('bad-schema');
});

type Box = readonly [number, number, number, number];

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}
