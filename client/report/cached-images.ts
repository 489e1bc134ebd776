import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { imageCacheFolderIn } from '../../config/image-cache-folder.ts';
import type { LoadImage } from './render-report.ts';

const filesAtOnce = 16;
const metaSchema = z.object({ sha256: z.string() });

/**
 * The images that a GPU worker keeps on this machine, as the models saw them. What was evicted, or lies on another host,
 * is left out: a page without a picture says more than none.
 */
export function cachedImages(stateFolder: string): LoadImage {
  const folder = imageCacheFolderIn(stateFolder);
  let files: Promise<ReadonlyMap<string, string>> | undefined;
  return async ({ image }) => {
    if (!image) return undefined;
    files ??= filesByHash(folder);
    const file = (await files).get(image.sha256);
    const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    return bytes && sha256(bytes) === image.sha256 ? bytes : undefined;
  };
}

async function filesByHash(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const limit = pLimit(filesAtOnce);
  const entries = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) =>
        limit(async () => {
          const hash = await hashIn(join(folder, name));
          return hash === undefined ? [] : [[hash, join(folder, name.replace(/json$/, 'jpg'))] as const];
        }),
      ),
  );
  return new Map(entries.flat());
}

/** Undefined: evicted meanwhile, or half-written by a process that died. */
async function hashIn(file: string): Promise<string | undefined> {
  try {
    return metaSchema.parse(JSON.parse(await readFile(file, 'utf8'))).sha256;
  } catch {
    return undefined;
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
