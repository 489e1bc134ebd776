import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../activities/vision/boxes.ts';
import { checkOf, describeFields, jsonSchemaOf, type Json, resultOf } from '../../../activities/vision/fields.ts';
import { type Field, fieldSchema } from '../../../workflows/goflow/contracts/analysis.ts';

const frame: Frame = { mode: 'pixels', sentWidth: 100, sentHeight: 100, originalWidth: 1000, originalHeight: 500 };

/** As it stands in YAML. */
const field = (yaml: object): Field => fieldSchema.parse(yaml);
const fieldsOf = (yaml: Record<string, object>) =>
  Object.fromEntries(Object.entries(yaml).map(([name, each]) => [name, field(each)]));

const schemaOf = (yaml: object) =>
  (jsonSchemaOf({ it: field(yaml) }, 'pixels')['properties'] as Record<string, unknown>)['it'];

const isGood = (yaml: object, value: unknown) =>
  checkOf({ it: field({ ask: 'it', ...yaml }) }, 'pixels').safeParse({ it: value }).success;

function faultsOf(yaml: Record<string, object>, answer: unknown): string[] {
  const { error } = checkOf(fieldsOf(yaml), 'pixels').safeParse(answer);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('what the server is asked to keep to', () => {
  test.each<[object, object]>([
    [{ type: 'string' }, { type: 'string', maxLength: 1200 }],
    [
      { type: 'string', minLength: 0, maxLength: 40 },
      { type: 'string', maxLength: 40 },
    ],
    [
      { type: 'string', minLength: 20 },
      { type: 'string', minLength: 20, maxLength: 1200 },
    ],
    [
      { type: 'enum', values: ['a', 'b'] },
      { type: 'string', enum: ['a', 'b'] },
    ],
    [{ type: 'boolean' }, { type: 'boolean' }],
    [{ type: 'integer' }, { type: 'integer', minimum: 0, maximum: 1_000_000 }],
    [
      { type: 'integer', minimum: -5, maximum: 5 },
      { type: 'integer', minimum: -5, maximum: 5 },
    ],
    [
      { type: 'number', maximum: 1 },
      { type: 'number', minimum: 0, maximum: 1 },
    ],
    [{ type: 'percent' }, { type: 'integer', minimum: 0, maximum: 100 }],
    [{ type: 'hex-colour' }, { type: 'string', pattern: '^#[0-9a-f]{6}$' }],
    [
      { type: 'list', maxItems: 3, items: { type: 'boolean' } },
      { type: 'array', items: { type: 'boolean' }, minItems: 0, maxItems: 3 },
    ],
    [
      { type: 'object', fields: { a: { type: 'boolean' } } },
      { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'], additionalProperties: false },
    ],
  ])('%j is %j', (yaml, schema) => expect(schemaOf(yaml)).toEqual(schema));

  test.each([
    ['rel1000', 'bbox_2d'],
    ['rel1000-yx', 'box_2d'],
    ['rel1000-size', 'bbox'],
  ] as const)('asks for boxes in %s as "%s", and reads them under that name', (mode, name) => {
    const fields = fieldsOf({ place: { type: 'box' } });
    expect(jsonSchemaOf(fields, mode)).toMatchObject({ required: [name] });
    expect(describeFields(fields, mode)).toContain(`"${name}"`);
    const answer = checkOf(fields, mode).parse({ [name]: [0, 0, 1000, 1000] });
    expect(resultOf(fields, answer, { ...frame, mode })).toEqual({ place: { x: 0, y: 0, width: 1000, height: 500 } });
  });

  test('names each field as the model knows it: boxes by the name models are trained on', () => {
    const fields = fieldsOf({
      bounding_box: { type: 'box' },
      place: { type: 'box', ask: 'where' },
      name: { type: 'string', ask: 'label' },
      count: { type: 'integer' },
    });
    const box = { type: 'array', items: { type: 'integer', minimum: 0, maximum: 9999 }, minItems: 4, maxItems: 4 };
    expect(jsonSchemaOf(fields, 'pixels')).toMatchObject({
      properties: { bbox_2d: box, where: box, label: { type: 'string' }, count: { type: 'integer' } },
      required: ['bbox_2d', 'where', 'label', 'count'],
      additionalProperties: false,
    });
  });
});

describe('what is checked, whatever the server kept to', () => {
  test.each<[object, readonly unknown[], readonly unknown[]]>([
    [{ type: 'string', maxLength: 5 }, ['', 'abcde', '  abcde  '], ['abcdef', 7, null, ['a']]],
    [{ type: 'string', minLength: 3 }, ['abc'], ['ab', '  ab  ', '\n\t \n ']],
    [{ type: 'enum', values: ['good', 'poor'] }, ['good', 'poor'], ['Good', 'bad', '', null]],
    [{ type: 'boolean' }, [true, false], ['true', 0, null]],
    [{ type: 'integer', maximum: 10 }, [0, 10], [-1, 11, 1.5, '3', Number.NaN, Infinity, null]],
    [{ type: 'integer', minimum: -2, maximum: 2 }, [-2, 2], [-3, 3]],
    [{ type: 'number', maximum: 1 }, [0, 0.5, 1], [-0.1, 1.1, 470.7, Infinity, Number.NaN, '0.5']],
    [{ type: 'percent' }, [0, 55, 100], [-1, 101, 0.5, '55', 1e300]],
    [{ type: 'hex-colour' }, ['#1a2b3c', '#ABCDEF'], ['1a2b3c', '#fff', '#12345g', '#1a2b3c4d', 'red', '#1a2b3c\n']],
    [{ type: 'box' }, [[1, 2, 3, 4]], [[1, 2, 3], 'box', [[1, 2, 3, 4]], [1, 2, 3, Infinity]]],
    [{ type: 'list', minItems: 1, maxItems: 2, items: { type: 'integer' } }, [[1], [1, 2]], [[], [1, 2, 3], ['a'], 1]],
    [{ type: 'object', fields: { a: { type: 'boolean' } } }, [{ a: true }], [{}, { a: 1 }, [], null, 'x']],
  ])('of %j', (yaml, good, bad) => {
    for (const value of good) expect(isGood(yaml, value), JSON.stringify(value)).toBe(true);
    for (const value of bad) expect(isGood(yaml, value), JSON.stringify(value)).toBe(false);
  });

  test('a number that JSON writes and no computer holds is refused', () => {
    const answer: unknown = JSON.parse('{"share": 6.7e1777777777777777}');
    expect(faultsOf({ share: { type: 'number' } }, answer)).toHaveLength(1);
  });

  test('every field must be there, under the name that was asked for', () => {
    const yaml = { name: { type: 'string', ask: 'label' }, count: { type: 'integer' } };
    expect(faultsOf(yaml, { name: 'x', count: 1 })).toEqual([expect.stringMatching(/^label: /)]);
    expect(faultsOf(yaml, {})).toHaveLength(2);
  });

  test('properties that nobody asked for are dropped', () => {
    const checked = checkOf(fieldsOf({ count: { type: 'integer' } }), 'pixels').parse({
      count: 1,
      __proto__: 2,
      more: 3,
    });
    expect(checked).toEqual({ count: 1 });
  });

  test('a fault names the place where it stands', () => {
    const yaml = {
      objects: { type: 'list', items: { type: 'object', fields: { at: { type: 'box' }, sure: { type: 'percent' } } } },
    };
    const answer = {
      objects: [
        { bbox_2d: [1, 2, 3, 4], sure: 50 },
        { bbox_2d: [1], sure: 500 },
      ],
    };
    const faults = faultsOf(yaml, answer);
    expect(faults).toEqual([
      'objects.1.bbox_2d: must be a box [x1, y1, x2, y2] in pixels of this image',
      expect.stringMatching(/^objects\.1\.sure: .*100/),
    ]);
  });

  test('is built once per definition and way of writing boxes', () => {
    const fields = fieldsOf({ it: { type: 'box' } });
    expect(checkOf(fields, 'pixels')).toBe(checkOf(fields, 'pixels'));
    expect(checkOf(fields, 'rel1')).not.toBe(checkOf(fields, 'pixels'));
    expect(checkOf(fieldsOf({ it: { type: 'box' } }), 'pixels')).not.toBe(checkOf(fields, 'pixels'));
  });
});

describe('what goes to GoFlow', () => {
  /** From the answer of a model, through the check, into the result. */
  function resultFor(yaml: Record<string, object>, answer: object): Record<string, Json> {
    const fields = fieldsOf(yaml);
    return resultOf(fields, checkOf(fields, frame.mode).parse(answer), frame);
  }

  test.each<[string, object, unknown, Json]>([
    ['text without the space around it', { type: 'string' }, '  a room \n', 'a room'],
    ['a percentage as a share', { type: 'percent' }, 7, 0.07],
    ['a colour in small letters', { type: 'hex-colour' }, '#ABCDEF', '#abcdef'],
    [
      'a box in pixels of the original',
      { type: 'box', ask: 'it' },
      [10, 10, 20, 30],
      { x: 100, y: 50, width: 100, height: 100 },
    ],
    ['a number as it is', { type: 'number' }, 0.25, 0.25],
    ['no as it is', { type: 'boolean' }, false, false],
    ['shares in a list', { type: 'list', items: { type: 'percent' } }, [0, 100], [0, 1]],
  ])('is %s', (_, yaml, given, result) => expect(resultFor({ it: yaml }, { it: given })).toEqual({ it: result }));

  test('has the names of the contract, on every level', () => {
    const yaml = {
      objects_detected: {
        type: 'list',
        ask: 'objects',
        items: {
          type: 'object',
          fields: {
            name: { type: 'string', ask: 'label' },
            confidence: { type: 'percent' },
            bounding_box: { type: 'box' },
          },
        },
      },
    };
    expect(resultFor(yaml, { objects: [{ label: 'cat', confidence: 90, bbox_2d: [0, 0, 50, 100], more: 1 }] })).toEqual(
      {
        objects_detected: [{ name: 'cat', confidence: 0.9, bounding_box: { x: 0, y: 0, width: 500, height: 500 } }],
      },
    );
  });
});

describe('the words in the prompt', () => {
  test('tell each field by the name that is asked for, its kind and its meaning', () => {
    const fields = fieldsOf({
      people: { type: 'list', ask: 'boxes', maxItems: 9, items: { type: 'box' }, describe: 'one box per person' },
      words: { type: 'list', minItems: 2, maxItems: 5, items: { type: 'string', maxLength: 30, describe: 'one word' } },
      verdict: { type: 'enum', values: ['good', 'poor'] },
      sure: { type: 'percent' },
      count: { type: 'integer', maximum: 5 },
      seen: { type: 'boolean' },
      colour: {
        type: 'object',
        fields: { hex: { type: 'hex-colour' }, share: { type: 'percent', describe: 'of the image' } },
      },
    });
    expect(describeFields(fields, 'rel1000').split('\n')).toEqual([
      '- "boxes": list of at most 9, each box [x1, y1, x2, y2], each from 0 to 1000 relative to the image: one box per person',
      '- "words": list of 2 to 5, each text of at most 30 characters (one word)',
      '- "verdict": one of "good", "poor"',
      '- "sure": integer from 0 to 100',
      '- "count": integer from 0 to 5',
      '- "seen": true or false',
      '- "colour": object {"hex": colour like "#1a2b3c", "share": integer from 0 to 100 (of the image)}',
    ]);
  });
});
