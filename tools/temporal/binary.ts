import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { givenIn } from '../../config/given.ts';

/** Tells a person what takes so long. */
export type Say = (line: string) => void;

const here = fileURLToPath(new URL('.', import.meta.url));
const program = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const run = promisify(execFile);

/**
 * The `temporal` program, which holds the dev server and the Web UI: from PATH, from the cache of this user, by
 * download, or built with Go from `go.mod` beside this file (3 minutes, once per user and version).
 *
 * @throws Error naming everything that was tried
 */
export async function findTemporal(say: Say, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const onPath = await findOnPath(env);
  if (onPath) return onPath;
  const version = await wantedVersion();
  const cached = join(cacheFolder(env), `temporal-${version}-${process.platform}-${process.arch}`, program);
  if (await isExecutable(cached)) return cached;

  return withLock(`${cached}.lock`, say, async () => {
    if (await isExecutable(cached)) return cached;
    const faults: string[] = [];
    for (const [name, make] of [
      ['download', download],
      ['build with Go', build],
    ] as const) {
      try {
        await make(version, cached, say);
        return cached;
      } catch (error) {
        faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new Error(
      `no temporal program: it is not on PATH, and\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n` +
        'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.26, or set TEMPORAL_ADDRESS to a running server.',
    );
  });
}

async function findOnPath({ PATH = '' }: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of PATH.split(delimiter).filter((entry) => entry !== '')) {
    if (await isExecutable(join(folder, program))) return join(folder, program);
  }
  return undefined;
}

/** The version in `go.mod` is the one place that names it. */
async function wantedVersion(): Promise<string> {
  const module = await readFile(join(here, 'go.mod'), 'utf8');
  const [, version] = /github\.com\/temporalio\/cli v(\S+)/.exec(module) ?? [];
  if (version === undefined)
    throw new Error('tools/temporal/go.mod does not name a version of github.com/temporalio/cli');
  return version;
}

/** Absolute: Go builds in another folder than ours. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME = join(homedir(), '.cache'), GF25_CACHE_DIR = join(XDG_CACHE_HOME, 'gf25') } = givenIn(env);
  return resolve(GF25_CACHE_DIR);
}

const downloadTimeoutMs = 120_000;
const connectTimeoutMs = 5_000;
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** From the same place as the SDK's own download, which has no way to say where it put the file. */
async function download(version: string, target: string, say: Say): Promise<void> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`no release for ${process.arch}`);
  const info = `https://temporal.download/cli/default?arch=${architecture}&platform=${process.platform}&format=tar.gz&sdk-name=gf25&sdk-version=1`;
  const answer = await fetch(info, { signal: AbortSignal.timeout(connectTimeoutMs) });
  if (!answer.ok) throw new Error(`temporal.download answered ${answer.status}`);
  const { archiveUrl, fileToExtract } = (await answer.json()) as { archiveUrl: string; fileToExtract: string };
  say(`downloading the Temporal CLI from ${new URL(archiveUrl).host} ...`);
  const archive = await fetch(archiveUrl, { signal: AbortSignal.timeout(downloadTimeoutMs) });
  if (!archive.ok) throw new Error(`the download answered ${archive.status}`);
  await install(target, async (folder) => {
    const file = join(folder, 'archive.tar.gz');
    await writeFile(file, Buffer.from(await archive.arrayBuffer()));
    await run('tar', ['-xzf', file, '-C', folder, fileToExtract]);
    await rm(file);
    return join(folder, fileToExtract);
  });
}

/** The official CLI, from its Go module: for places where downloads are closed off but a module proxy is not. */
async function build(version: string, target: string, say: Say): Promise<void> {
  await run('go', ['version']).catch(() => {
    throw new Error('there is no Go here');
  });
  say(`building the Temporal CLI ${version} with Go: about 3 minutes on two cores, once for this user`);
  const startedAtMs = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAtMs) / 1000)} s`;
  const ticker = setInterval(() => say(`  still building, ${elapsed()}`), 15_000);
  try {
    await install(target, async (folder) => {
      const output = join(folder, program);
      const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
      const tool = 'github.com/temporalio/cli/cmd/temporal';
      await runGo(['build', '-trimpath', '-buildvcs=false', '-ldflags', flags, '-o', output, tool]);
      return output;
    });
  } finally {
    clearInterval(ticker);
  }
  say(`built in ${elapsed()}`);
}

function runGo(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd: here,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (piece: Buffer) => (errors = (errors + piece.toString()).slice(-2_000)));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`go build ended with ${code}: ${errors}`)),
    );
  });
}

/** Makes the program in a folder of its own and moves it into place whole. */
async function install(target: string, make: (folder: string) => Promise<string>): Promise<void> {
  const folder = `${target}.${process.pid}.tmp`;
  await mkdir(folder, { recursive: true });
  try {
    await rename(await make(folder), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lockStaleMs = 900_000;

/** Two clones that start at the same time build once. */
async function withLock<T>(lock: string, say: Say, work: () => Promise<T>): Promise<T> {
  await mkdir(join(lock, '..'), { recursive: true });
  const startedAtMs = Date.now();
  let hasSaid = false;
  while (!(await tryLock(lock))) {
    if (!hasSaid) say('another process is making the Temporal CLI: waiting for it');
    hasSaid = true;
    if (Date.now() - startedAtMs > lockStaleMs) throw new Error(`the lock ${lock} is not given up: remove it`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    // the owner died: take the lock away, and try again like everybody else
    if (owner > 0 && !existsSync(`/proc/${owner}`) && existsSync('/proc/self')) await rm(lock, { force: true });
    return false;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
