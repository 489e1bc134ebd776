import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  type Environment,
  environmentNames,
  type Need,
  readEnvironment,
  secretsOf,
  stateFolder,
} from '../../config/environment.ts';
import { Faults } from '../../config/yaml-file.ts';

function read(
  env: NodeJS.ProcessEnv,
  needs: readonly Need[] = [],
): { environment?: Environment; faults: readonly string[] } {
  const faults = new Faults();
  const environment = readEnvironment(env, needs, faults);
  return { ...(environment && { environment }), faults: faults.list };
}
const goflow = { GOFLOW_BASE_URL: 'https://goflow.example', GOFLOW_API_KEY: 'the-key' };

describe('an empty environment', () => {
  test('has the defaults of the contract', () => {
    expect(read({})).toEqual({
      faults: [],
      environment: {
        GF25_ENV: 'production',
        GF25_STATE_DIR: '.gf25',
        GF25_LOG_LEVEL: 'info',
        GF25_SHUTDOWN_SECONDS: 30,
        GF25_API_HOST: '127.0.0.1',
        GF25_API_PORT: 8080,
        GF25_VISION_PROVIDER: 'ollama',
        GF25_VISION_URL: 'http://127.0.0.1:11434',
        GF25_LANES: 1,
        isDevelopment: false,
        gpuHost: hostname(),
      },
    });
  });

  test('is the same as one of empty values, as compose files and shells make them', () => {
    const all = (value: string) => Object.fromEntries(environmentNames.map((name) => [name, value]));
    const empty = all('');
    expect(read(empty, [])).toEqual(read({}));
    expect(read(all(' '), [])).toEqual(read({}));
    expect(stateFolder(all(' '))).toBe('.gf25');
    expect(read({ ...empty, GF25_LANES: undefined }).faults).toEqual([]);
  });
});

describe('a value', () => {
  test.each<[string, string, keyof Environment, unknown]>([
    ['GF25_ENV', 'development', 'isDevelopment', true],
    ['GF25_LANES', '4', 'GF25_LANES', 4],
    ['GF25_API_PORT', '0', 'GF25_API_PORT', 0],
    ['GF25_WORKER_PORT', '65535', 'GF25_WORKER_PORT', 65_535],
    ['GF25_SHUTDOWN_SECONDS', '0.5', 'GF25_SHUTDOWN_SECONDS', 0.5],
    ['GF25_GPU_HOST', 'gpu-7.example_a', 'gpuHost', 'gpu-7.example_a'],
    ['GF25_VISION_PROVIDER', 'embedded', 'GF25_VISION_PROVIDER', 'embedded'],
    ['GF25_VISION_URL', 'http://gpu:11434', 'GF25_VISION_URL', 'http://gpu:11434'],
    ['GF25_STATE_DIR', '/var/lib/gf25', 'GF25_STATE_DIR', '/var/lib/gf25'],
    ['DISCORD_WEBHOOK_QA_DOMAIN', 'https://d.example/x', 'DISCORD_WEBHOOK_QA_DOMAIN', 'https://d.example/x'],
  ])('%s=%s is taken', (name, value, key, expected) => {
    const { environment, faults } = read({ [name]: value });
    expect(faults).toEqual([]);
    expect(environment?.[key]).toBe(expected);
  });

  test.each([
    ['GF25_ENV', 'staging'],
    ['GF25_ENV', 'Production'],
    ['GF25_LOG_LEVEL', 'loud'],
    ['GF25_SHUTDOWN_SECONDS', 'soon'],
    ['GF25_SHUTDOWN_SECONDS', '-1'],
    ['GF25_WORKER_PORT', 'http'],
    ['GF25_WORKER_PORT', '65536'],
    ['GF25_API_PORT', '-1'],
    ['GF25_API_PORT', '80.5'],
    ['GOFLOW_BASE_URL', 'goflow.example'],
    ['GOFLOW_BASE_URL', 'ftp://goflow.example'],
    ['GOFLOW_MEDIA_BASE_URL', '/media'],
    ['GF25_GPU_HOST', 'two words'],
    ['GF25_GPU_HOST', 'a/b'],
    ['GF25_GPU_HOST', 'x'.repeat(201)],
    ['GF25_VISION_PROVIDER', 'magic'],
    ['GF25_VISION_URL', '127.0.0.1:11434'],
    ['GF25_LANES', '0'],
    ['GF25_LANES', '1.5'],
    ['GF25_LANES', '257'],
    ['GF25_LANES', 'four'],
    ['DISCORD_WEBHOOK_BATCH_MANIFEST', 'none'],
    ['DISCORD_WEBHOOK_QA_STRUCTURAL', 'javascript:alert(1)'],
    ['DISCORD_WEBHOOK_QA_CONTENT', 'x'],
    ['DISCORD_WEBHOOK_QA_DOMAIN', 'x'],
    ['DISCORD_WEBHOOK_BATCH_REPORT', 'x'],
  ])('%s=%s is a fault that names the variable, and not the value: it may be a secret', (name, value) => {
    const { environment, faults } = read({ [name]: value });
    expect(environment).toBeUndefined();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^environment ${name}: .{5,}`));
    if (value.length > 3) expect(faults[0]).not.toContain(value);
  });

  test('that is faulty does not hide the others: all are named at once', () => {
    const { faults } = read(
      { GF25_LANES: 'four', GF25_API_PORT: 'http', GF25_ENV: 'x', DISCORD_WEBHOOK_QA_DOMAIN: 'no' },
      ['goflow', 'media'],
    );
    expect(faults.map((fault) => fault.split(':')[0]?.replace('environment ', '')).sort()).toEqual([
      'DISCORD_WEBHOOK_QA_DOMAIN',
      'GF25_API_PORT',
      'GF25_ENV',
      'GF25_LANES',
      'GOFLOW_API_KEY',
      'GOFLOW_BASE_URL',
      'GOFLOW_MEDIA_BASE_URL',
    ]);
  });
});

describe('what a process needs', () => {
  test.each<[readonly Need[], NodeJS.ProcessEnv, readonly string[]]>([
    [[], {}, []],
    [['goflow'], goflow, []],
    [['goflow'], { GOFLOW_BASE_URL: 'https://x.example' }, ['GOFLOW_API_KEY']],
    [['goflow'], { GOFLOW_API_KEY: 'key' }, ['GOFLOW_BASE_URL']],
    [['goflow'], {}, ['GOFLOW_BASE_URL', 'GOFLOW_API_KEY']],
    [['media'], {}, ['GOFLOW_MEDIA_BASE_URL']],
    [['media'], { GOFLOW_BASE_URL: 'https://x.example' }, []],
    [['media'], { GOFLOW_MEDIA_BASE_URL: 'https://x.example' }, []],
    [['goflow', 'media'], goflow, []],
  ])('%j with %j lacks %j', (needs, env, missing) => {
    expect(read(env, needs).faults.map((fault) => /^environment (\w+): is required/.exec(fault)?.[1])).toEqual(missing);
  });

  test.each(['http://goflow.example', 'HTTP://goflow.example', 'http://127.0.0.1'])(
    'is not sent over %s, but in development',
    (url) => {
      const env = { ...goflow, GOFLOW_BASE_URL: url, GOFLOW_MEDIA_BASE_URL: url };
      expect(read(env, ['goflow', 'media']).faults).toEqual([
        'environment GOFLOW_BASE_URL: must be https unless GF25_ENV=development',
        'environment GOFLOW_MEDIA_BASE_URL: must be https unless GF25_ENV=development',
      ]);
      expect(read({ ...env, GF25_ENV: 'development' }, ['goflow', 'media']).faults).toEqual([]);
    },
  );
});

test('secrets are what must never be seen, wherever it stands', () => {
  const env = {
    ...goflow,
    GF25_VISION_API_KEY: 'vision-key',
    GF25_JWT_SECRET: 'jwt-secret',
    TEMPORAL_API_KEY: 'temporal-key',
    DISCORD_WEBHOOK_QA_DOMAIN: 'https://discord.example/token',
    DISCORD_WEBHOOK_OF_LATER: 'https://discord.example/later',
    GF25_ENV: 'development',
    PATH: '/usr/bin',
  };
  expect(secretsOf(env).sort()).toEqual(
    [
      'the-key',
      'vision-key',
      'jwt-secret',
      'temporal-key',
      'https://discord.example/token',
      'https://discord.example/later',
    ].sort(),
  );
  // too short to be one: it would be cut out of every text
  expect(secretsOf({ GOFLOW_API_KEY: 'abc', TEMPORAL_API_KEY: '', GF25_JWT_SECRET: undefined })).toEqual([]);
});

test.each([
  [{}, '.gf25'],
  [{ GF25_STATE_DIR: '' }, '.gf25'],
  [{ GF25_STATE_DIR: '/data' }, '/data'],
])('with %j the state folder is %s', (env, folder) => expect(stateFolder(env)).toBe(folder));

test.each([
  ['GOFLOW_API_KEY', 'a-key\n'],
  ['GOFLOW_API_KEY', 'clé'],
  ['GF25_VISION_API_KEY', ' a-key'],
])('a %s that no header can carry is refused and not told: %j', (name, value) => {
  const { faults } = read({ ...goflow, [name]: value }, ['goflow']);
  expect(faults).toEqual([expect.stringContaining(`environment ${name}: must be printable ASCII`)]);
  expect(faults.join()).not.toContain(value.trim());
});

test('a fault that two needs have is named once', () => {
  const { faults } = read({ ...goflow, GOFLOW_BASE_URL: 'http://goflow.example' }, ['goflow', 'media']);
  expect(faults).toEqual(['environment GOFLOW_BASE_URL: must be https unless GF25_ENV=development']);
});
