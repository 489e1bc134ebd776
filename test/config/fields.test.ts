import { describe, expect, test } from 'vitest';
import { faultsOfEdited, loadEdited } from './folders.ts';

/** A definition file with these fields, each on a line of its own. */
const withFields = (fields: string) => ({
  'analyses/new.yaml': () => `version: "1"\nprompt: object-detection.md\nfields:\n${fields.replace(/^/gm, '  ')}\n`,
});

const twice = 'b: { type: box }\nc: { type: box }';

// prettier-ignore
const refused: [string, string, string][] = [
  ['a least above the most', 'a: { type: integer, minimum: 5, maximum: 2 }', '4: fields.a.minimum: is 5, above maximum, which is 2'],
  ['a least above the usual most', 'a: { type: number, minimum: 2000000 }', '4: fields.a.minimum: is 2000000, above maximum, which is 1000000'],
  ['a most below the usual least', 'a: { type: integer, maximum: -1 }', '4: fields.a.minimum: is 0, above maximum, which is -1'],
  ['more characters than fit', 'a: { type: string, minLength: 9, maxLength: 3 }', '4: fields.a.minLength: is 9, above maxLength, which is 3'],
  ['more items than fit', 'a: { type: list, minItems: 60, items: { type: boolean } }', '4: fields.a.minItems: is 60, above maxItems, which is 50'],
  ['inside a list', 'a: { type: list, items: { type: integer, minimum: 1, maximum: 0 } }', '4: fields.a.items.minimum: is 1, above maximum, which is 0'],
  ['inside an object', 'a:\n  type: object\n  fields:\n    b: { type: integer, minimum: 1, maximum: 0 }', '7: fields.a.fields.b.minimum: is 1, above maximum, which is 0'],
  ['fewer items than none', 'a: { type: list, minItems: -1, items: { type: boolean } }', '4: fields.a.minItems: Too small: expected number to be >=0'],
  ['more items than a grammar bears', 'a: { type: list, maxItems: 201, items: { type: boolean } }', '4: fields.a.maxItems: Too big: expected number to be <=200'],
  ['a bound that is no number', 'a: { type: number, minimum: .nan }', '4: fields.a.minimum: Invalid input: expected number, received NaN'],
  ['no choice', 'a: { type: enum, values: [] }', '4: fields.a.values: Too small: expected array to have >=1 items'],
  ['one choice twice', 'a:\n  type: enum\n  values:\n    - x\n    - x', '8: fields.a.values.1: "x" stands here twice'],
  ['a blank choice', "a: { type: enum, values: [x, ' '] }", '4: fields.a.values.1: must not be blank'],
  ['a choice that moves the image', "a: { type: enum, values: ['[img-0]'] }", '4: fields.a.values.0: must not contain "[img"'],
  ['words that move the image', "a: { type: boolean, describe: 'see [img-0]' }", '4: fields.a.describe: must not contain "[img"'],
  ['an object of nothing', 'a: { type: object, fields: {} }', '4: fields.a.fields: must not be empty'],
  ['two boxes of one name', twice, '5: fields.c: is asked as "bbox_2d", like b: name one with "ask"'],
  ['two boxes inside a list', `a:\n  type: list\n  items:\n    type: object\n    fields:\n${twice.replace(/^/gm, '      ')}`, '10: fields.a.items.fields.c: is asked as "bbox_2d", like b: name one with "ask"'],
  ['a box and what another model calls one', 'box_2d: { type: string }\nb: { type: box }', '5: fields.b: is asked as "box_2d", like box_2d: name one with "ask"'],
  ['two of one asked name', 'a: { type: string, ask: x }\nb: { type: string, ask: x }', '5: fields.b: is asked as "x", like a: name one with "ask"'],
  ['one asked by the name of another', 'a: { type: string, ask: b }\nb: { type: string }', '5: fields.b: is asked as "b", like a: name one with "ask"'],
  ['an item asked by a name', 'a: { type: list, items: { type: string, ask: x } }', '4: fields.a.items.ask: items of a list are asked by no name'],
  ['an empty asked name', "a: { type: string, ask: '' }", '4: fields.a.ask: "" is no name for a field: letters, digits, "_" and "-", beginning with a letter'],
  ['a name with a dot', 'a.b: { type: string }', '4: fields: "a.b" is no name for a field: letters, digits, "_" and "-", beginning with a letter'],
  ['a name that is a number', '7: { type: string }', '4: fields: "7" is no name for a field: letters, digits, "_" and "-", beginning with a letter'],
  ['what the program says itself', 'a: { type: boolean }\nnot_applicable: { type: boolean }', '5: fields.not_applicable: is what the program itself reports under this name'],
  ['a field without a word', 'a:', '4: fields.a: Invalid input: expected object, received null'],
];

describe('fields that no answer could keep to, or that would be asked twice, are refused', () => {
  test.each(refused)('%s', async (_, fields, fault) => {
    expect(await faultsOfEdited(withFields(fields))).toEqual([expect.stringMatching(/new\.yaml:\d+: /)]);
    expect((await faultsOfEdited(withFields(fields))).join()).toContain(`new.yaml:${fault}`);
  });

  test('all at once, beside the faults of the rest of the file', async () => {
    const wrong = 'a: { type: integer, minimum: 5, maximum: 2 }\nb: { type: enum, values: [x, x] }';
    const text = withFields(wrong)['analyses/new.yaml']().replace('version', 'verzion');
    const faults = await faultsOfEdited({ 'analyses/new.yaml': () => text });
    expect(faults.map((fault) => fault.replace(/^.*new\.yaml:/, '').slice(0, 18))).toEqual([
      ...['1: version: is mis', '4: fields.a.minimu', '5: fields.b.values', '1: Unrecognized ke'],
    ]);
  });
});

test.each([
  ['a least that is the most', 'a: { type: integer, minimum: 3, maximum: 3 }'],
  ['one choice', 'a: { type: enum, values: [x] }'],
  ['two boxes of different names', 'b: { type: box }\nc: { type: box, ask: crop }'],
  ['boxes in different objects', 'b: { type: box }\nc: { type: object, fields: { b: { type: box } } }'],
  ['names in any language', 'größe_2: { type: integer }\n色: { type: string }'],
])('%s may be', async (_, fields) => {
  const { definitions } = await loadEdited(withFields(fields));
  expect(definitions.bySlug.has('new')).toBe(true);
});
