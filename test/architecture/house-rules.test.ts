import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';
import { repositoryFiles } from './tree.ts';

const files = await repositoryFiles();
const read = (path: string) => readFile(join(projectRoot, path), 'utf8');
/** As `wc -l` counts. */
const linesOf = (text: string) => text.split('\n').length - 1;

const topFolders = [...new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))];

describe('every top folder explains itself', () => {
  test.each(topFolders)('%s/README.md has at most 30 lines', async (folder) => {
    expect(linesOf(await read(`${folder}/README.md`))).toBeLessThanOrEqual(30);
  });
});

test('no source file of the product is longer than 250 lines', async () => {
  const sources = files.filter((path) =>
    /^(workflows|activities|workers|client|config|tools)\/.+\.(ts|mjs|js)$/.test(path),
  );
  const lengths = await Promise.all(sources.map(async (path) => ({ path, lines: linesOf(await read(path)) })));
  expect(lengths.length).toBeGreaterThan(150);
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
});

describe('an installation is the same everywhere', () => {
  test('package.json names exact versions', async () => {
    const manifest = JSON.parse(await read('package.json')) as Record<string, Record<string, string>>;
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'];
    const versions = kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
    expect(versions.length).toBeGreaterThan(30);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('package-lock.json names no registry: each installation uses its own', async () => {
    expect(await read('package-lock.json')).not.toContain('"resolved"');
  });
});

describe('paths of one machine', () => {
  const machinePath = /(^|[^A-Za-z0-9_.])\/(work|root|home)\//;
  const isText = (path: string) => !/\.(jpe?g|png|webp|gif|ico|gz|bin)$/.test(path);
  const isWrittenByTools = (path: string) => /(^|\/)(go\.sum|package-lock\.json)$/.test(path);

  /** Joined here, so that this file holds none itself. */
  const path = (...parts: string[]) => parts.join('/');

  test.each([
    [`cd ${path('', 'home', 'me')}`, true],
    [`"${path('', 'root', 'project', 'file')}"`, true],
    [path('', 'work', 'main'), true],
    [path('https://example.com', 'home', 'page'), false],
    [path('.', 'work', 'main'), false],
    [path('src', 'work', 'main'), false],
  ])('%j is one: %s', (text, expected) => {
    expect(machinePath.test(text)).toBe(expected);
  });

  test('are in no file', async () => {
    const found: string[] = [];
    for (const name of files.filter((file) => isText(file) && !isWrittenByTools(file))) {
      for (const [index, line] of (await read(name)).split('\n').entries()) {
        if (machinePath.test(line)) found.push(`${name}:${index + 1}: ${line}`);
      }
    }
    expect(found).toEqual([]);
  });
});
