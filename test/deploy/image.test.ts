import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';
import { readText } from './deployment.ts';

const dockerfile = readText('Dockerfile').replaceAll('\\\n', ' ');
const lines = dockerfile.split('\n');
/** What COPY takes from this folder, not from an earlier stage. */
const copied = lines
  .map((line) => /^COPY (?!.*--from=)(?:--\S+ )*(.+) \S+$/.exec(line)?.[1])
  .flatMap((sources) => sources?.split(' ') ?? []);
const ignored = readText('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('the Dockerfile', () => {
  test('copies what exists', () => {
    expect(copied.length).toBeGreaterThan(8);
    expect(copied.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  test('finds what it copies behind .dockerignore, which lets nothing else through', () => {
    expect(ignored[0]).toBe('*');
    const letThrough = ignored.slice(1).map((line) => line.replace(/^!/, ''));
    expect(new Set(copied.map((path) => path.split('/')[0]))).toEqual(new Set(letThrough));
  });

  test('builds on one version of Node that package.json allows', () => {
    const image = /^ARG NODE_IMAGE=node:(.+)$/m.exec(dockerfile)?.[1];
    expect(image).toMatch(/^20\.(19|[2-9]\d)\.\d+-bookworm-slim$/);
    const bases = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(new Set(bases)).toEqual(new Set(['${NODE_IMAGE}']));
  });

  test('copies no environment file and ends as a user without rights', () => {
    expect(copied.filter((path) => path.includes('.env'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000']);
  });

  test('bundles the workflows by a program whose source is there', () => {
    const [, module = '', name = ''] =
      /import \{ (\w+) \} from '\.\/dist\/workers\/([\w-]+)\.js'/.exec(dockerfile) ?? [];
    expect(readText(`workers/${name}.ts`)).toContain(`export async function ${module}(`);
  });
});

test('each program that the image starts is compiled from a source that is there', () => {
  const programs = [...readText('config/docker/gf25.sh').matchAll(/"\$app\/(.+?)\.js"/g)].map(([, path]) => path);
  expect(programs).toEqual(['workers/main', 'client/http/server', 'client/cli/main']);
  expect(programs.filter((path) => !existsSync(join(projectRoot, `${path}.ts`)))).toEqual([]);
});
