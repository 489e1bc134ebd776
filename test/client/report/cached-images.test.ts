import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachedImages } from '../../../client/report/cached-images.ts';
import type { MediaResults } from '../../../client/report/results.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const mediaOf = (sha256?: string) => ({ ...(sha256 !== undefined && { image: { sha256 } }) }) as MediaResults;

async function folderWith(entries: Readonly<Record<string, { meta: string; bytes: Buffer }>>): Promise<string> {
  const stateFolder = await temporaryFolder();
  await mkdir(join(stateFolder, 'images'));
  for (const [key, { meta, bytes }] of Object.entries(entries)) {
    await writeFile(join(stateFolder, 'images', `${key}.json`), meta);
    await writeFile(join(stateFolder, 'images', `${key}.jpg`), bytes);
  }
  return stateFolder;
}

test('an image is found by the hash of what the model saw', async () => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  const load = cachedImages(
    await folderWith({
      one: { meta: JSON.stringify({ sha256: hashOf(a), width: 1 }), bytes: a },
      two: { meta: JSON.stringify({ sha256: hashOf(b) }), bytes: b },
      half: { meta: '{"sha', bytes: a },
    }),
  );
  expect([await load(mediaOf(hashOf(a))), await load(mediaOf(hashOf(b)))]).toEqual([a, b]);
});

test('what is not there, or is not what it says, is left out', async () => {
  const a = Buffer.from('a');
  const damaged = await folderWith({ one: { meta: JSON.stringify({ sha256: hashOf(a) }), bytes: Buffer.from('x') } });
  expect(await cachedImages(damaged)(mediaOf(hashOf(a)))).toBeUndefined();
  expect(await cachedImages(damaged)(mediaOf(hashOf(Buffer.from('c'))))).toBeUndefined();
  expect(await cachedImages(damaged)(mediaOf())).toBeUndefined();
  expect(await cachedImages(join(damaged, 'nowhere'))(mediaOf(hashOf(a)))).toBeUndefined();
});
