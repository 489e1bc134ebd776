import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { check, Faults, readYaml } from '../../config/yaml-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function read(text: string) {
  const path = join(await temporaryFolder(), 'a.yaml');
  await writeFile(path, text);
  const faults = new Faults();
  return { yaml: readYaml(path, faults), faults, name: relative(process.cwd(), path) };
}

describe('a YAML file', () => {
  test.each<[string, unknown]>([
    ['a: 1\nb: [x, y]\n', { a: 1, b: ['x', 'y'] }],
    ['a: &x {b: 1}\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
    ['a: no\nb: 0x10\nc: 1_0\n', { a: 'no', b: 16, c: '1_0' }],
    ['', {}],
    ['# a remark\n', {}],
  ])('%j is read', async (text, value) => {
    const { yaml, faults } = await read(text);
    expect(yaml.value).toEqual(value);
    expect(faults.list).toEqual([]);
  });

  test.each([
    ['an open bracket', 'a: [1\n'],
    ['two keys of one name', 'a: 1\na: 2\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['an alias of nothing', 'a: *nothing\n'],
    ['an alias inside what it means', 'a: &x {b: [*x]}\n'],
    [
      'an alias that grows without end',
      `a: &a [x, x]\n${'bcdefghijkl'.replace(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)}, `.repeat(10)}x]\n`)}`,
    ],
  ])('with %s is a fault of the file', async (_, text) => {
    const { faults, name } = await read(text);
    expect(faults.list).toHaveLength(1);
    for (const fault of faults.list) expect(fault.startsWith(`${name}:`)).toBe(true);
  });

  test.each([
    ['a: [1\nb: 2\n', '2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a:\n  b: 5\n   c: 3\n', '2:6: Nested mappings are not allowed in compact mappings'],
    ['a:\n\tb: 1\n', '2:1: Tabs are not allowed as indentation'],
    ['a: 1\n\nb: *nothing\n', '3:4: the alias *nothing means nothing: no &nothing is before it'],
    ['a: "x\nb: 1\n', '3:1: Missing closing "quote'],
  ])('%j is one fault in one line, with line and column', async (text, said) => {
    const { yaml, faults, name } = await read(text);
    expect(check(z.strictObject({ z: z.number() }), yaml, faults)).toBeUndefined();
    expect(faults.list).toEqual([`${name}:${said}`]);
  });

  test('with several keys twice has a fault for each', async () => {
    const { yaml, faults, name } = await read('a: 1\na: 2\nb: 1\nb: x\n');
    check(z.strictObject({ a: z.number(), b: z.number() }), yaml, faults);
    expect(faults.list).toEqual([`${name}:2:1: Map keys must be unique`, `${name}:4:1: Map keys must be unique`]);
  });

  test('knows the line of a path, or of the nearest part of it', async () => {
    const { yaml, name } = await read('a: 1\n\nb:\n  c: 2\n  d:\n    - x\n    - y: 3\n');
    const lines = [
      ['a'],
      ['b', 'c'],
      ['b', 'd', 0],
      ['b', 'd', 1, 'y'],
      ['b', 'd', 1, 'z'],
      ['b', 'c', 'e'],
      [],
      ['q'],
    ];
    expect(lines.map((path) => yaml.where(path))).toEqual([1, 4, 6, 7, 7, 4, 1, 1].map((line) => `${name}:${line}`));
  });
});

describe('a check', () => {
  const schema = z.strictObject({ a: z.number(), b: z.strictObject({ c: z.string() }) });

  test('gives the value, when it is good', async () => {
    const { yaml, faults } = await read('a: 1\nb: {c: x}\n');
    expect(check(schema, yaml, faults)).toEqual({ a: 1, b: { c: 'x' } });
    expect(faults.list).toEqual([]);
  });

  test('names every fault with its line and path, and a key that nobody knows with its own line', async () => {
    const { yaml, faults, name } = await read('a: one\nb:\n  c: 7\n  d: 1\n\ne: 2\n');
    expect(check(schema, yaml, faults)).toBeUndefined();
    expect([...faults.list].sort()).toEqual([
      expect.stringMatching(new RegExp(`^${name}:1: a: .*number`)),
      expect.stringMatching(new RegExp(`^${name}:3: b\\.c: .*string`)),
      `${name}:4: b: Unrecognized key: "d"`,
      `${name}:6: Unrecognized key: "e"`,
    ]);
  });
});
