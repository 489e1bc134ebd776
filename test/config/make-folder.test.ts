import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../config/make-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a folder is made with those above it, and one that is there stays', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b');
  makeFolder(folder);
  makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test('a file in its place, or above it, is an error', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  expect(() => makeFolder(file)).toThrow(/EEXIST/);
  expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR/);
});

test('below /proc it is an error, and not an endless loop', () => {
  expect(() => makeFolder('/proc/gf25')).toThrow(/ENOENT/);
});
