import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { definitionSchema } from '../../workflows/goflow/contracts/analysis.ts';
import { faultsOfEdited, loadEdited } from './folders.ts';

/** What becomes of a definition file. */
const added = async (text: string, name = 'new.yaml') =>
  (await loadEdited({ [`analyses/${name}`]: () => text })).definitions.bySlug.get('new');
const faultsOf = (text: string) => faultsOfEdited({ 'analyses/new.yaml': () => text });
const small = 'version: "1"\nprompt: default.md\nfields: {a: {type: boolean}}\n';

describe('the shipped definitions', () => {
  const { bySlug, systemPrompt } = loadConfig([], {}).definitions;

  test('are these, the one for all others among them', () => {
    expect([...bySlug.keys()]).toEqual([
      'colour-palette',
      'default',
      'image-description',
      'image-quality',
      'object-detection',
      'people-count',
    ]);
  });

  test.each([...bySlug])('%s can be kept in a plan, and its prompt names the analysis', (slug, definition) => {
    expect(definitionSchema.parse(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
    expect(definition.slug).toBe(slug);
    expect(definition.prompt).toMatch(/\{\{analysis_name\}\}/);
    expect(definition.prompt).toContain('{{fields}}');
  });

  test('share one system prompt, which is not empty', () => {
    expect(systemPrompt.length).toBeGreaterThan(50);
    expect(systemPrompt).not.toContain('{{');
  });
});

describe('a definition', () => {
  test('takes from the settings what it leaves out', async () => {
    expect(await added(small)).toEqual({
      slug: 'new',
      version: '1',
      model: 'qwen2.5vl:7b',
      coordinates: 'pixels',
      image: 'any',
      requiresColour: false,
      sampling: { temperature: 0.1, seed: 25, maxTokens: 1500 },
      fields: { a: { type: 'boolean' } },
      prompt: loadConfig([], {}).definitions.bySlug.get('default')?.prompt,
    });
  });

  test('may say otherwise', async () => {
    const own =
      'model: qwen3-vl:8b\ncoordinates: rel1000\nimage: greyscale\nrequiresColour: true\nembedded: image-quality\n' +
      'sampling: {temperature: 0, maxTokens: 64}\n';
    expect(await added(`${small}${own}`)).toMatchObject({
      ...{ model: 'qwen3-vl:8b', coordinates: 'rel1000', image: 'greyscale', requiresColour: true },
      ...{ embedded: 'image-quality', sampling: { temperature: 0, seed: 25, maxTokens: 64 } },
    });
  });

  test('may lie in a file that ends in .yml, and other files are left alone', async () => {
    expect(await added(small, 'new.yml')).toMatchObject({ slug: 'new' });
    expect(await added('not YAML: [', 'new.txt')).toBeUndefined();
  });

  test.each([
    ['lacks its version', small.replace('version: "1"\n', ''), 'version: '],
    ['has a number for its version', small.replace('"1"', '1'), 'version: '],
    ['has no fields', small.replace('{a: {type: boolean}}', '{}'), 'fields: must not be empty'],
    ['has a field of no known type', small.replace('boolean', 'bool'), 'fields.a'],
    ['has a key that nobody knows', `${small}imgae: colour\n`, 'Unrecognized key: "imgae"'],
    ['has a field with a key that nobody knows', small.replace('boolean}', 'boolean, max: 1}'), 'fields.a: '],
    ['has a list without items', small.replace('boolean}', 'list}'), 'fields.a.items'],
    ['has an unknown way of writing boxes', `${small}coordinates: percent\n`, 'coordinates: '],
    ['looks for its prompt elsewhere', small.replace('default.md', '../../secret.md'), 'a file name in prompts/'],
    ['has a prompt that is not there', small.replace('default.md', 'other.md'), 'no such prompt: other.md'],
    ['moves the image in its words', small.replace('boolean}', 'boolean, describe: "see [img-0]"}'), '"[img"'],
    ['is no mapping', '- a\n- list\n', 'expected object'],
    ['is empty', '', 'version: '],
  ])('that %s is a fault of its file', async (_, text, words) => {
    const faults = await faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.some((fault) => /new\.yaml:\d+: /.test(fault) && fault.includes(words))).toBe(true);
  });

  test('names the line of its fault', async () => {
    expect(await faultsOf(`${small}imgae: colour\n`)).toEqual([expect.stringMatching(/new\.yaml:4: /)]);
    expect(
      await faultsOf('version: "1"\nprompt: default.md\nfields:\n  a: {type: boolean}\n  b: {type: bool}\n'),
    ).toEqual([expect.stringMatching(/new\.yaml:5: fields\.b/)]);
  });
});

describe('a prompt', () => {
  test.each([
    ['uses a variable that nobody knows', 'See {{ image_size }}', 'uses {{image_size}}; known are analysis_name'],
    ['is empty', ' \n\n', 'the prompt default.md is empty'],
    ['moves the image', 'Look at [img-0]', 'must not contain "[img"'],
  ])('that %s is a fault of who uses it', async (_, text, words) => {
    expect(await faultsOfEdited({ 'prompts/default.md': () => text })).toEqual([
      expect.stringMatching(/default\.yaml:\d+: /),
    ]);
    expect((await faultsOfEdited({ 'prompts/default.md': () => text })).join()).toContain(words);
  });

  test('loses the space around it', async () => {
    const { definitions } = await loadEdited({ 'prompts/default.md': () => '\n\n  Look. {{fields}} \n' });
    expect(definitions.bySlug.get('default')?.prompt).toBe('Look. {{fields}}');
  });

  test('of the system is checked like the others', async () => {
    expect(await faultsOfEdited({ 'prompts/_system.md': () => '' })).toEqual([
      'prompts/_system.md: the prompt _system.md is empty',
    ]);
  });
});

describe('unknown slugs', () => {
  const without = { 'analyses/default.yaml': () => 'version: "1"\nprompt: default.md\nfields: {}\n' };

  test('need a default definition, when they are to have one', async () => {
    const faults = await faultsOfEdited(without);
    expect(faults).toContain('analysis.unknownSlug: is "default", but there is no analyses/default.yaml');
  });

  test('need none, when they are to fail', async () => {
    const faults = await faultsOfEdited({
      ...without,
      'gf25.yaml': (text) => text.replace('unknownSlug: default', 'unknownSlug: fail'),
    });
    expect(faults.join()).not.toContain('unknownSlug');
  });
});
