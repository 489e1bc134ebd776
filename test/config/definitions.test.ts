import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { projectRoot } from '../../config/project-root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(join(projectRoot, 'config'), folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const load = () => loadConfig([], { GF25_CONFIG_DIR: folder });
function faults(): readonly string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

const fields = 'fields: { note: { type: string } }';

describe('a new analysis', () => {
  test('is a file named like its slug and a prompt; the rest comes from gf25.yaml', async () => {
    await write('analyses/my-own.yaml', `version: '3'\nprompt: my-own.md\n${fields}`);
    await write('prompts/my-own.md', 'Look.\n{{fields}}\n');
    expect(load().definitions.bySlug.get('my-own')).toEqual({
      ...{ slug: 'my-own', version: '3', model: 'qwen2.5vl:7b', coordinates: 'pixels', prompt: 'Look.\n{{fields}}' },
      ...{ image: 'any', requiresColour: false, sampling: { temperature: 0.1, seed: 25, maxTokens: 1500 } },
      fields: { note: { type: 'string', maxLength: 1200 } },
    });
  });

  test.each([
    ['model: qwen3-vl:8b', 'rel1000'],
    ['model: gemma3:12b', 'rel1000-yx-square'],
    ['model: qwen3-vl:8b\ncoordinates: rel1-size', 'rel1-size'],
    ['coordinates: pixels-yx-size', 'pixels-yx-size'],
  ])('with "%s" has boxes in %s', async (lines, coordinates) => {
    await write('analyses/my-own.yaml', `version: '1'\nprompt: default.md\n${lines}\n${fields}`);
    expect(load().definitions.bySlug.get('my-own')).toMatchObject({ coordinates });
  });
});

describe('a fault is named with its file:', () => {
  test('a variable that nobody knows', async () => {
    await write('prompts/weather.md', 'Look at {{ colour }} and {{fields}} and {{fied}}.');
    expect(faults()).toEqual([
      expect.stringMatching(
        /weather\.yaml:2: the prompt weather\.md uses \{\{colour\}\}; known are analysis_name, .*box_format$/,
      ),
      expect.stringContaining('uses {{fied}}'),
    ]);
  });

  test.each([
    ['', 'the prompt weather.md is empty'],
    ['[img-0] {{fields}}', 'must not contain "[img"'],
  ])('the prompt %j', async (text, words) => {
    await write('prompts/weather.md', text);
    expect(faults()).toEqual([expect.stringContaining(words)]);
  });

  test('a prompt that is not there', async () => {
    await rm(join(folder, 'prompts/weather.md'));
    expect(faults()).toEqual([expect.stringMatching(/weather\.yaml:2: no such prompt: weather\.md/)]);
  });

  test.each([
    ['coordinates: rel100', /:3: coordinates: Invalid option/],
    ['fields: {}', /fields: must not be empty/],
    ['fields: { a: { type: text } }', /fields\.a\.type: Invalid/],
    ['fields: { a: { type: string, maxLength: 5000 } }', /fields\.a\.maxLength: Too big.*2000/],
    ['fields: { a: { type: list, maxItems: 500, items: { type: boolean } } }', /fields\.a\.maxItems: Too big/],
    ['fields: { a: { type: enum, values: [] } }', /fields\.a\.values: Too small/],
    ['fields: { a: { type: boolean, describe: yes, no } }', /Unrecognized key: "no"|describe/],
  ])('the line %j', async (line, words) => {
    const more = line.startsWith('fields') ? '' : `\n${fields}`;
    await write('analyses/weather.yaml', `version: '1'\nprompt: weather.md\n${line}${more}`);
    const found = faults();
    expect(found.join('\n')).toMatch(words);
    expect(found.join('\n')).toContain('weather.yaml:');
  });
});
