import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../config/make-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a folder is made with those above it, once or again', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b', 'c');
  await Promise.all([makeFolder(folder), makeFolder(join(folder, '..', 'd'))]);
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
  await makeFolder('/');
});

test.skipIf(process.platform !== 'linux').each(['/proc/x', '/proc/x/y', '/proc/self/x'])(
  'below %s nothing can be made, and that is said at once',
  async (folder) => {
    await expect(makeFolder(folder)).rejects.toThrow(/^nothing can be made in \/proc/);
  },
);

test('a file in its place, or above it, is said', async () => {
  const file = join(await temporaryFolder(), 'a');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(file, 'b'))).rejects.toThrow('ENOTDIR');
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written to is said', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o555);
  await expect(makeFolder(join(folder, 'a'))).rejects.toThrow('EACCES');
  await chmod(folder, 0o755);
});
