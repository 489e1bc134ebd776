import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { configFolder, faultsOf, faultsOfEdited, loadEdited } from './folders.ts';

/** A file to be merged over `gf25.yaml`. */
async function overlay(text: string): Promise<NodeJS.ProcessEnv> {
  const file = join(await temporaryFolder(), 'over.yaml');
  await writeFile(file, text);
  return { GF25_CONFIG_OVERLAY: file };
}

describe('the shipped configuration', () => {
  test('has no fault, and the numbers of the contract', () => {
    const { settings, endpoints } = loadConfig([], {});
    expect(settings).toMatchObject({
      intake: { pollIntervalSeconds: 10, maxConcurrentProjects: 2, maxOpenProjects: 20 },
      goflow: { slowRetrySeconds: 60, maxRetryAfterSeconds: 900 },
      vision: { inferenceTimeoutSeconds: 60 },
      images: { allowedHosts: [], maxDownloadsPerHost: 8, cacheTtlHours: 24, cacheMaxBytes: 10_737_418_240 },
      analysis: { unknownSlug: 'default' },
      failures: { policy: 'hold', maxFailedShare: 0.02 },
      qa: { maxRepairs: 2, budgetSeconds: 10 },
    });
    const { endpoints: calls, ...rest } = endpoints.goflow;
    expect(Object.entries(calls).map(([name, { retries }]) => [name, retries])).toEqual([
      ['nextJob', 3],
      ['setStatus', 3],
      ['submitResult', 3],
      ['submitReport', 5],
    ]);
    expect(rest).toMatchObject({ connectTimeoutSeconds: 5, callTimeoutSeconds: 30 });
  });
});

describe('an overlay', () => {
  test('is merged key by key; what it does not name stays', async () => {
    const shipped = loadConfig([], {}).settings;
    const env = await overlay('vision: {inferenceTimeoutSeconds: 7}\nimages: {allowedHosts: [a.example, b.example]}\n');
    expect(loadConfig([], env).settings).toEqual({
      ...shipped,
      vision: { ...shipped.vision, inferenceTimeoutSeconds: 7 },
      images: { ...shipped.images, allowedHosts: ['a.example', 'b.example'] },
    });
  });

  test.each(['', '# nothing yet\n', '---\n'])('that says nothing changes nothing: %j', async (text) => {
    expect(loadConfig([], await overlay(text)).settings).toEqual(loadConfig([], {}).settings);
  });

  test.each([
    ['vision:\n  inferenceTimeoutSeconds: soon\n', 2, 'vision.inferenceTimeoutSeconds: '],
    ['qa: {budgetSeconds: 5}\n\nimages:\n  allowedhosts: []\n', 4, 'images: Unrecognized key: "allowedhosts"'],
    ['qa: {budgetSeconds: 5}\nimagess:\n  allowedHosts: []\n', 3, 'Unrecognized key: "imagess"'],
    ['intake:\n', 1, 'intake: '],
  ])('%j has a fault in line %i', async (text, line, words) => {
    const faults = faultsOf(await overlay(text));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`over\\.yaml:${line}: `));
    expect(faults[0]).toContain(words);
  });

  test('that is not there is a fault', () => {
    expect(faultsOf({ GF25_CONFIG_OVERLAY: '/nowhere/over.yaml' })).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('that takes no mapping for a section says so', async () => {
    expect(faultsOf(await overlay('- a list\n'))).toHaveLength(1);
    expect(faultsOf(await overlay('vision: 7\n'))).toEqual([expect.stringMatching(/over\.yaml:1: vision: .*object/)]);
  });
});

describe('a fault', () => {
  test('of the settings for Temporal stands beside the others', () => {
    expect(faultsOf({ TEMPORAL_PROFILE: 'nobody', GF25_LANES: 'many' })).toEqual([
      expect.stringContaining('environment GF25_LANES: '),
      expect.stringMatching(/^environment TEMPORAL_\*: .*nobody/),
    ]);
  });

  test('is named by file, line and path', async () => {
    const faults = await faultsOfEdited({
      'gf25.yaml': (text) => text.replace('maxFailedShare: 0.02', 'maxFailedShare: 2'),
    });
    expect(faults).toEqual([expect.stringMatching(/gf25\.yaml:\d+: failures\.maxFailedShare: .*1/)]);
  });

  test('of YAML itself is named', async () => {
    const faults = await faultsOfEdited({ 'qa.yaml': () => 'content: {\n  a: [1\n' });
    expect(faults).toEqual([expect.stringMatching(/qa\.yaml:\d+:\d+: [^\n]*$/)]);
    const flow = faultsOf(await overlay('qa: [1\nintake: 3\n'));
    expect(flow).toEqual([expect.stringMatching(/over\.yaml:2:1: Flow sequence [^\n]*$/)]);
    expect((await faultsOfEdited({ 'gf25.yaml': (text) => `${text}qa: {}\n` })).join()).toMatch(/unique/i);
  });

  test.each(['gf25.yaml', 'qa.yaml', 'api_endpoints.yaml', 'analyses', 'prompts/_system.md'])(
    'is a file that is not there: %s',
    async (name) => {
      const { folder, env } = await configFolder();
      await rm(join(folder, name), { recursive: true });
      expect(faultsOf(env).some((fault) => fault.includes(name))).toBe(true);
    },
  );

  test('is a folder that is not there', () => {
    expect(faultsOf({ GF25_CONFIG_DIR: '/nowhere', GF25_LANES: 'many' })).toEqual([
      expect.stringContaining('environment GF25_LANES: '),
      'environment GF25_CONFIG_DIR: there is no folder /nowhere',
    ]);
    expect(faultsOf({ GF25_CONFIG_DIR: import.meta.filename })).toHaveLength(1);
  });

  test('anywhere does not hide those elsewhere: all are in one message', async () => {
    const { env } = await configFolder({
      'gf25.yaml': (text) => text.replace('maxRepairs: 2', 'maxRepairs: many').replace('policy: hold', 'policy: hope'),
      'qa.yaml': (text) => text.replace('clamp_px: 8', 'clamp_px: -8'),
      'api_endpoints.yaml': (text) => text.replace('callTimeoutSeconds: 30', 'callTimeoutSeconds: 0'),
      'analyses/people-count.yaml': (text) => text.replace('type: percent', 'type: per-cent'),
      'analyses/new.yaml': () => 'version: "1"\nprompt: missing.md\nfields: {a: {type: boolean}}\n',
      'prompts/default.md': (text) => text.replace('{{fields}}', '{{feilds}}'),
    });
    const overlaid = await overlay('intake: {pollIntervalSeconds: 0}\n');
    let message = '';
    try {
      loadConfig(['goflow'], { ...env, ...overlaid, GF25_LANES: 'four' });
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = (error as Error).message;
    }
    expect(message).toMatch(/^the configuration has 11 fault\(s\):\n {2}- /);
    for (const words of [
      'environment GOFLOW_BASE_URL: is required',
      'environment GOFLOW_API_KEY: is required',
      'environment GF25_LANES: must be a number of lanes',
      'over.yaml:1: intake.pollIntervalSeconds',
      'qa.maxRepairs',
      'failures.policy',
      'clamp_px',
      'goflow.callTimeoutSeconds',
      'people-count.yaml',
      'no such prompt: missing.md',
      '{{feilds}}',
    ])
      expect(message).toContain(words);
  });

  test('shows no secret', () => {
    const env = { GOFLOW_API_KEY: 'top-secret-key', DISCORD_WEBHOOK_QA_DOMAIN: 'secret-but-no-url', GF25_LANES: '0' };
    const message = new ConfigError(faultsOf(env)).message;
    expect(message).toContain('DISCORD_WEBHOOK_QA_DOMAIN');
    expect(message).not.toMatch(/top-secret-key|secret-but-no-url/);
  });
});

describe('the hash of a configuration', () => {
  const hash = async (edits: Record<string, (text: string) => string>, env?: NodeJS.ProcessEnv) =>
    (await loadEdited(edits, env)).hash;

  test('is the same for the same files, wherever they lie and whatever the environment says', async () => {
    const shipped = loadConfig([], {}).hash;
    expect(shipped).toMatch(/^[\da-f]{64}$/);
    expect(await hash({}, { GF25_LANES: '7', GOFLOW_API_KEY: 'a-key' })).toBe(shipped);
    expect(await hash({ 'gf25.yaml': (text) => `# a remark\n${text}` })).toBe(shipped);
  });

  test.each<[string, string, (text: string) => string]>([
    ['a setting', 'gf25.yaml', (text) => text.replace('maxRepairs: 2', 'maxRepairs: 3')],
    ['a rule', 'qa.yaml', (text) => text.replace('clamp_px: 8', 'clamp_px: 9')],
    ['a pattern', 'api_endpoints.yaml', (text) => text.replace("'already'", "'schon da'")],
    ['a definition', 'analyses/default.yaml', (text) => text.replace(/version: '\d+'/, "version: 'other'")],
    ['a prompt', 'prompts/default.md', (text) => `${text}\nBe brief.`],
    ['the system prompt', 'prompts/_system.md', (text) => `${text}\nBe brief.`],
    ['a new analysis', 'analyses/new.yaml', () => 'version: "1"\nprompt: default.md\nfields: {a: {type: boolean}}\n'],
  ])('changes with %s', async (_, name, edit) => {
    expect(await hash({ [name]: edit })).not.toBe(loadConfig([], {}).hash);
  });
});

test('what is loaded takes the secrets of its environment out of texts', () => {
  const { redact } = loadConfig([], { GOFLOW_API_KEY: 'top-secret-key' });
  expect(redact('the key is top-secret-key')).toBe('the key is [redacted]');
});
