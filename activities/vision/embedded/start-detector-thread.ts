import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { DetectorFiles } from './detector-files.ts';

/**
 * Starts a detector thread from the same kind of file that this one is: the compiled `.js` or the `.ts` source.
 * It inherits none of the process' flags: it needs none, and some (`--input-type`) would stop it.
 */
export function startDetectorThread(files: DetectorFiles): Worker {
  const extension = extname(fileURLToPath(import.meta.url));
  const url = new URL(`./detector-thread${extension}`, import.meta.url);
  const options = { workerData: files, execArgv: [] };
  return extension === '.js' ? new Worker(url, options) : new Worker(bootstrapOf(url), { ...options, eval: true });
}

/**
 * Node 20 cannot load TypeScript, and there tsx 4 registers itself on the main thread only: neither an inherited nor an
 * own `--import tsx` reaches a thread (ERR_UNKNOWN_FILE_EXTENSION). So the thread registers tsx, then loads `url`.
 */
function bootstrapOf(url: URL): string {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${tsx}).then(({ register }) => (register(), import(${JSON.stringify(url.href)})));`;
}
