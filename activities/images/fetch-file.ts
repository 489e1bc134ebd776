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

  /** Undefined: the disk takes nothing. */
  const throughDisk = async <T>(
    url: string,
    signal: AbortSignal,
    use: (source: ImageSource) => Promise<T>,
    isSecondTry = false,
  ): Promise<{ readonly result: T } | undefined> => {
    const file = await cache.temporaryFile();
    if (file === undefined) return undefined;
    let fault: DiskFault;
    try {
      await measured(() => withFile(file, (sink) => download(url, sink, signal)));
      return { result: await use(file) };
    } catch (error) {
      if (!(error instanceof DiskFault)) throw error;
      fault = error;
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
    }
    if (!isSecondTry && (await cache.makeRoom(fault))) return throughDisk(url, signal, use, true);
    cache.suspend(fault);
    return undefined;
  };

  return async (url, signal, use) => {
    const done = await throughDisk(url, signal, use);
    if (done) return done.result;
    return memory(async () => use(await measured(() => inMemory((sink) => download(url, sink, signal)))));
  };
}
