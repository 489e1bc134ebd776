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

  test('are enough for a project of 25 distinct analyses, the one for all others among them', () => {
    expect(bySlug.size).toBeGreaterThan(25);
    expect(bySlug.has('default')).toBe(true);
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
      'model: qwen3-vl:8b\ncoordinates: rel1000\nimage: colour\nrequiresColour: true\nembedded: image-quality\n' +
      'sampling: {temperature: 0, maxTokens: 64}\n';
    expect(await added(`${small}${own}`)).toMatchObject({
      ...{ model: 'qwen3-vl:8b', coordinates: 'rel1000', image: 'colour', requiresColour: true },
      ...{ embedded: 'image-quality', sampling: { temperature: 0, seed: 25, maxTokens: 64 } },
    });
  });

  test.each([
    ['model: qwen3-vl:8b', 'rel1000'],
    ['model: gemma3:12b', 'rel1000-yx-square'],
    ['model: qwen3-vl:8b\ncoordinates: rel1-size', 'rel1-size'],
    ['coordinates: pixels-yx-size', 'pixels-yx-size'],
  ])('with "%s" has boxes in %s', async (lines, coordinates) => {
    expect(await added(`${small}${lines}\n`)).toMatchObject({ coordinates });
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
    ['wants grey and colour', `${small}image: greyscale\nrequiresColour: true\n`, 'image: is greyscale, but'],
    ['has a negative temperature', `${small}sampling: {temperature: -0.1}\n`, 'sampling.temperature: Too small'],
    [
      'has a temperature that no server takes',
      `${small}sampling: {temperature: 2.1}\n`,
      'sampling.temperature: Too big',
    ],
    ['leaves its seed to chance', `${small}sampling: {seed: -1}\n`, 'sampling.seed: Too small'],
    [
      'wants more tokens than there are',
      `${small}sampling: {maxTokens: 8192}\n`,
      'sampling.maxTokens: 8192 leaves no room',
    ],
    [
      'names no detector of ours',
      `${small}embedded: ocr\n`,
      'embedded: Invalid option: expected one of "object-detection"',
    ],
    ['names required fields', `${small}required: [b]\n`, 'Unrecognized key: "required"'],
    ['is no mapping', '- a\n- list\n', 'expected object'],
    ['is empty', '', 'version: '],
  ])('that %s is a fault of its file', async (_, text, words) => {
    const faults = await faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.some((fault) => /new\.yaml:\d+: /.test(fault) && fault.includes(words))).toBe(true);
  });

  test('that stands in two files is a fault of the second one', async () => {
    const faults = await faultsOfEdited({ 'analyses/new.yaml': () => small, 'analyses/new.yml': () => small });
    expect(faults).toEqual([expect.stringMatching(/new\.yml:1: there is another file for "new"$/)]);
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
    ['object-detection', 'in objects of a list'],
    ['people-count', 'a list'],
  ])('of %s, whose boxes are %s, says how they are written', async (slug) => {
    const text = (prompt: string) => prompt.replace('{{box_format}}', '');
    expect(await faultsOfEdited({ [`prompts/${slug}.md`]: text })).toEqual([
      expect.stringMatching(new RegExp(`${slug}\\.yaml:\\d+: the prompt ${slug}\\.md lacks {{box_format}}: `)),
    ]);
  });

  test.each([
    ['uses a variable that nobody knows', 'See {{ image_size }}', 'uses {{image_size}}; known are analysis_name'],
    ['leaves a variable open', 'See {{ fields', 'has "{{", which is no variable'],
    ['has a variable in single braces', 'See { fields }', 'has "{ fields }", which is no variable'],
    ['is empty', ' \n\n', 'the prompt default.md is empty'],
    ['moves the image', 'Look at [img-0]', 'must not contain "[img"'],
    ['says nothing of the fields', 'Look closely.', 'lacks {{fields}}: the model must be told what to answer'],
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

  test('may show JSON', async () => {
    const text = 'Write {"a": {"b": 1}} or {one}. {{fields}}';
    const { definitions } = await loadEdited({ 'prompts/default.md': () => text });
    expect(definitions.bySlug.get('default')?.prompt).toBe(text);
  });

  test('of the system knows no variables: it is the same for every analysis', async () => {
    expect(await faultsOfEdited({ 'prompts/_system.md': () => 'Look at {{image_width}} pixels.' })).toEqual([
      'prompts/_system.md: the prompt _system.md uses {{image_width}}; it is the same for all and knows none',
    ]);
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
