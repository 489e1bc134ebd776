import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { Failure } from '../shared/failure.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { ImageCache } from './cache.ts';
import type { Download } from './download.ts';
import { DiskFault, inMemory, withFile } from './sink.ts';
import type { ImageSource } from './sniff.ts';

export interface FetchFileDeps {
  readonly cache: ImageCache;
  readonly download: Download;
  readonly maxDownloads: number;
  readonly metrics: Metrics;
}

/** Downloads a file and hands it over for as long as `use` takes. */
export type FetchFile = <T>(url: string, signal: AbortSignal, use: (source: ImageSource) => Promise<T>) => Promise<T>;

/** Files that are held in memory at once: as many times the largest one that is allowed. */
const maxInMemory = 2;

/**
 * Downloads into the cache's folder or, while the disk takes nothing, into memory.
 *
 * @throws what `Download` throws, but for a fault of the disk
 */
export function createFetchFile({ cache, download, maxDownloads, metrics }: FetchFileDeps): FetchFile {
  const downloads = pLimit(maxDownloads);
  const memory = pLimit(maxInMemory);

  const measured = async <T>(work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const observe = (outcome: string) => metrics.downloads.observe({ outcome }, (performance.now() - startedAt) / 1000);
    try {
      const result = await downloads(work);
      observe('ok');
      return result;
    } catch (error) {
      observe(error instanceof Failure ? error.code : error instanceof DiskFault ? 'disk-fault' : 'other');
      throw error;
    }
  };

  return async (url, signal, use) => {
    const file = await cache.temporaryFile();
    if (file !== undefined) {
      try {
        await measured(() => withFile(file, (sink) => download(url, sink, signal)));
        return await use(file);
      } catch (error) {
        if (!(error instanceof DiskFault)) throw error;
        cache.suspend(error);
      } finally {
        await rm(file, { force: true }).catch(() => undefined);
      }
    }
    return memory(async () => use(await measured(() => inMemory((sink) => download(url, sink, signal)))));
  };
}
