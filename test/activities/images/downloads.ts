import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDownload, type DownloadOptions } from '../../../activities/images/download.ts';
import { createGuard, type GuardOptions } from '../../../activities/images/guard.ts';
import { withFile } from '../../../activities/images/sink.ts';
import { createHttp } from '../../../activities/shared/http.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const never: AbortSignal = new AbortController().signal;
// many wait at once
setMaxListeners(0, never);

export interface DownloaderOptions extends Partial<DownloadOptions>, Partial<GuardOptions> {
  readonly connections?: number;
}

/** The download of `workers/deps.ts`, into a folder for one test. */
export async function downloader(options: DownloaderOptions = {}) {
  const { connections = 4, maxBytes = 1_000_000 } = options;
  const { totalTimeoutMs = 20_000, headersTimeoutMs = 20_000, idleTimeoutMs = 20_000 } = options;
  const { isDevelopment = true, allowedHosts = [], ...rest } = options;
  const guard = createGuard({ ...rest, isDevelopment, allowedHosts });
  const http = createHttp({ connectTimeoutMs: 2_000, connections, lookup: guard.lookup });
  onTestFinished(() => http.close());
  const file = join(await temporaryFolder(), 'image');
  const download = createDownload(http, guard, { totalTimeoutMs, headersTimeoutMs, idleTimeoutMs, maxBytes });
  return {
    http,
    download,
    /** Downloads into the file of this test. */
    fetch: (url: string, signal: AbortSignal = never): Promise<void> =>
      withFile(file, (sink) => download(url, sink, signal)),
    written: () => readFile(file),
  };
}
