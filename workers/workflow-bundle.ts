import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from 'pino';
import { makeFolder } from '../config/make-folder.ts';
import { projectRoot } from '../config/project-root.ts';

/** `.ts` from sources, `.js` from `dist/`: tsc does not rewrite such URLs. */
const extension = extname(fileURLToPath(import.meta.url));
const workflowsFolder = fileURLToPath(new URL('../workflows', import.meta.url));

/**
 * The workflow code as one script for Temporal's sandbox. Bundling takes 2 s, so the result is kept under the hash of
 * everything that goes into it.
 */
export async function loadWorkflowBundle(log: Logger): Promise<{ code: string }> {
  const file = join(projectRoot, 'node_modules', '.cache', 'gf25', `workflows-${await hashOfSources()}.js`);
  const stored = await readFile(file, 'utf8').catch(() => undefined);
  if (stored !== undefined) return { code: stored };
  const { code } = await bundleWorkflows();
  await store(file, code).catch((error: unknown) => log.debug({ err: error }, 'the workflow bundle cannot be kept'));
  return { code };
}

/** What Temporal itself checks: whatever workflow code may not import fails here, with the offending module named. */
export function bundleWorkflows(): Promise<{ code: string }> {
  const silent = { trace: noLog, debug: noLog, info: noLog, warn: noLog, error: noLog, log: noLog };
  return bundleWorkflowCode({
    workflowsPath: join(workflowsFolder, 'goflow', `index${extension}`),
    workflowInterceptorModules: [join(workflowsFolder, 'goflow', `interceptors${extension}`)],
    payloadConverterPath: join(workflowsFolder, 'shared', `payload-converter${extension}`),
    failureConverterPath: join(workflowsFolder, 'shared', `failure-converter${extension}`),
    logger: silent,
  });
}

const noLog = () => undefined;

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(workflowsFolder, { recursive: true })).filter((name) => name.endsWith(extension)).sort();
  for (const name of names) hash.update(name).update(await readFile(join(workflowsFolder, name)));
  hash.update(await readFile(join(projectRoot, 'package-lock.json')).catch(() => ''));
  return hash.digest('hex').slice(0, 16);
}

async function store(file: string, code: string): Promise<void> {
  await makeFolder(dirname(file));
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, file);
}
