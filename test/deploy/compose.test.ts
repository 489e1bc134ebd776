import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentNames } from '../../config/environment.ts';
import { projectRoot } from '../../config/project-root.ts';
import { roles } from '../../workers/roles.ts';
import { compose, ourServices, readText, readYaml, type Service, services, variablesOf } from './deployment.ts';

const text = readText('docker-compose.yml');
const version = (JSON.parse(readText('package.json')) as { version: string }).version;
const example = [...readText('.env.example').matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, mark, name = '', value = '']) => ({ name, value, isOptional: mark === '#' }),
);
const read = variablesOf(text, compose).filter((name) => name !== 'COMPOSE_PROJECT_NAME'); // compose sets it itself

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

test('the whole site is there', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining([
      ...['orchestrator', 'io', 'gpu', 'api'],
      ...['postgres', 'temporal-schema', 'temporal', 'temporal-namespace', 'temporal-ui', 'ollama'],
    ]),
  );
  expect(text).not.toContain('start-dev');
});

describe('images', () => {
  test.each(services.map(([name, { image }]) => [name, image]))('%s: %s is one version', (_, image) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+[\w.-]*$/);
  });

  test('ours has the version of package.json', () => {
    expect(sorted(ourServices.map(([, { image }]) => image))).toEqual([`gf25:${version}`]);
  });

  test("Temporal's tools have the version of its server", () => {
    const tag = (name: string) => service(name).image.split(':')[1];
    expect([tag('temporal-schema'), tag('temporal-namespace')]).toEqual([tag('temporal'), tag('temporal')]);
  });
});

describe('variables', () => {
  test('.env.example names what is read, and nothing else', () => {
    expect(sorted(example.map(({ name }) => name))).toEqual(sorted(read));
    expect(example).toHaveLength(sorted(example.map(({ name }) => name)).length);
  });

  test('what is required stands there open and empty, the rest as a comment', () => {
    expect(example.filter(({ isOptional }) => !isOptional)).toEqual(
      ['POSTGRES_PASSWORD', 'GOFLOW_BASE_URL', 'GOFLOW_API_KEY'].map((name) => ({
        name,
        value: '',
        isOptional: false,
      })),
    );
  });

  test('each is known to our program, to Temporal or to the database', () => {
    const ofOthers = /^(TEMPORAL_(ADDRESS|NAMESPACE|API_KEY|TLS)|POSTGRES_PASSWORD)$/;
    expect(
      example.map(({ name }) => name).filter((name) => !environmentNames.includes(name) && !ofOthers.test(name)),
    ).toEqual([]);
  });

  test('each of our program is given to one of its services', () => {
    const inTheImage = ['GF25_CONFIG_DIR', 'GF25_STATE_DIR'];
    const given = ourServices.flatMap(([, { environment }]) => Object.keys(environment));
    expect(environmentNames.filter((name) => !given.includes(name) && !inTheImage.includes(name))).toEqual([]);
  });

  test('each that a service of ours is given is one that it reads', () => {
    const given = ourServices.flatMap(([, { environment }]) => Object.keys(environment));
    expect(given.filter((name) => !environmentNames.includes(name) && !name.startsWith('TEMPORAL_'))).toEqual([]);
  });

  test('no secret has a default', () => {
    const isSecret = (name: string) => /PASSWORD|PWD|KEY|SECRET|TOKEN|WEBHOOK/.test(name);
    const secrets = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => isSecret(name)),
    );
    expect(secrets.length).toBeGreaterThan(8);
    expect(secrets.filter(([, value]) => value !== null && !/^\$\{\w+-\}$/.test(value))).toEqual([]);
  });

  test('only io has the key to GoFlow', () => {
    expect(services.filter(([, { environment }]) => 'GOFLOW_API_KEY' in environment).map(([name]) => name)).toEqual([
      'io',
    ]);
  });
});

describe('services', () => {
  test('ours are one image with its commands', () => {
    const script = readText('config/docker/gf25.sh');
    const commands = [...script.matchAll(/^ {2}([a-z][a-z |-]*)\)/gm)].flatMap(([, names = '']) => names.split(' | '));
    expect(commands).toEqual([...Object.keys(roles), 'api', 'health-check']);
    for (const [name, { command, healthcheck }] of ourServices) {
      expect(command).toEqual([name]);
      expect(commands).toContain(name);
      expect(healthcheck?.test).toEqual(['CMD', 'gf25', 'health-check']);
    }
  });

  test('a worker has more time to end than it takes', () => {
    const forcedAfterSeconds = 10;
    for (const role of ['orchestrator', 'io', 'gpu']) {
      const { stop_grace_period: grace, environment } = service(role);
      expect(grace).toMatch(/^\d+s$/);
      expect(parseInt(grace ?? '', 10)).toBeGreaterThan(
        Number(environment['GF25_SHUTDOWN_SECONDS']) + forcedAfterSeconds,
      );
    }
  });

  test('what goes on running can be asked for its health', () => {
    const silent = services.filter(([, { restart, healthcheck }]) => restart !== 'no' && !healthcheck);
    expect(silent).toEqual([]);
  });

  test('what waits for another one waits for its health or its end', () => {
    for (const [name, { depends_on: others = {} }] of services) {
      for (const [other, { condition }] of Object.entries(others)) {
        const expected = service(other).restart === 'no' ? 'service_completed_successfully' : 'service_healthy';
        expect({ name, other, condition }).toEqual({ name, other, condition: expected });
      }
    }
  });

  test('none has more rights than it needs', () => {
    for (const [, { cap_drop: dropped, security_opt: options }] of services) {
      expect(dropped).toEqual(['ALL']);
      expect(options).toEqual(['no-new-privileges:true']);
    }
  });

  test('ports are published on the loopback address only', () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('what they mount is there', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const paths = sources.filter((source) => source.startsWith('.'));
    expect(paths.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
    expect(sorted(sources.filter((source) => !source.startsWith('.')))).toEqual(sorted(Object.keys(compose.volumes)));
  });

  test('the scripts and settings that they are told to read are there', () => {
    const scripts = services.flatMap(([, { entrypoint = [] }]) => entrypoint.filter((part) => part.endsWith('.sh')));
    const settings = service('temporal').environment['DYNAMIC_CONFIG_FILE_PATH'] ?? '';
    const names = [...scripts, settings].map((path) => path.split('/').at(-1) ?? '');
    expect(names).toHaveLength(3);
    expect(names.filter((name) => !existsSync(join(projectRoot, 'config', 'docker', name)))).toEqual([]);
  });
});

test('Ollama holds the model and the context length of config/gf25.yaml', () => {
  const { vision } = readYaml('config/gf25.yaml') as { vision: { model: string; contextTokens: number } };
  expect(service('ollama-model').command).toEqual(['pull', vision.model]);
  expect(service('ollama').environment['OLLAMA_CONTEXT_LENGTH']).toBe(String(vision.contextTokens));
});
