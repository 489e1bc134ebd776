import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { type SpawnedProcess, spawnProcess } from '../local/processes.ts';

/** How long something that was asked to end may take. */
const patienceMs = 5_000;
const linesShown = 12;

/** Everything that was started, from its first moment on: all of it can be ended at any time, half-way up included. */
export class Belongings {
  /** Rejects when something ends that should run. */
  readonly died: Promise<never>;
  private readonly reportDeath: (error: Error) => void;
  private readonly processes: SpawnedProcess[] = [];
  private readonly ends: (() => Promise<unknown>)[] = [];
  private isEnding = false;

  constructor() {
    const { promise, reject } = withReject();
    this.died = promise;
    this.reportDeath = reject;
  }

  /** @param beginning what is being started; it is ended even when nobody waits for it any more */
  own<T>(beginning: Promise<T>, end: (thing: T) => Promise<unknown>): Promise<T> {
    this.ends.push(() => beginning.then(end, () => undefined));
    return beginning;
  }

  /** For something that says when it has ended. */
  watch(name: string, ended: Promise<unknown>, lastWords: () => string = () => ''): void {
    void ended.then((how) => {
      const code = typeof how === 'number' || typeof how === 'string' ? ` with ${how}` : '';
      if (!this.isEnding) this.reportDeath(new Error(`${name} has ended${code}${lastWords()}`));
    });
  }

  /** Starts a program of ours and resolves once it is ready. Its log is `<folder>/logs/<name>.log`. */
  async spawn(name: string, command: readonly [string, ...string[]], env: Record<string, string>, folder: string) {
    if (this.isEnding) throw new Error('the demo is ending');
    const logFile = join(folder, 'logs', `${name}.log`);
    const [file, ...args] = command;
    const spawned = spawnProcess(file, args, env, { endsWithUs: true, logFile });
    this.processes.push(spawned);
    this.watch(name, spawned.ended, () => {
      const lines = spawned.output().trimEnd().split('\n').slice(-linesShown);
      return `, and its last words (${logFile}) were:\n${lines.join('\n')}`;
    });
    await Promise.race([spawned.ready, this.died]);
  }

  /** Processes first, then the rest in the opposite order: what came later stands on what came earlier. */
  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.processes.map(endProcess));
    for (const end of this.ends.reverse()) await Promise.race([end().catch(() => undefined), sleep(patienceMs)]);
  }
}

async function endProcess(spawned: SpawnedProcess): Promise<void> {
  spawned.kill('SIGTERM');
  const force = setTimeout(() => spawned.kill('SIGKILL'), patienceMs);
  await spawned.ended;
  clearTimeout(force);
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  // it may be lost before anybody looks
  promise.catch(() => undefined);
  return { promise, reject };
}
