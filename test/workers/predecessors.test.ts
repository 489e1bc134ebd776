import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, onTestFinished, test } from 'vitest';
import { registerProcess } from '../../workers/predecessors.ts';
import { failureOf } from '../support/activity.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/wait.ts';

interface Pending {
  readonly activityId: string;
  /** 1 scheduled, 2 started, 3 asked to cancel. */
  readonly state: number;
  readonly lastWorkerIdentity?: string;
}

/** What a process would hear from Temporal: one workflow with these activities. */
function temporal(pending: readonly Pending[], given: { isDown?: boolean; gone?: readonly string[] } = {}) {
  const failed: { activityId: string; error: ApplicationFailure }[] = [];
  const queries: string[] = [];
  const fail = async ({ activityId }: { activityId: string }, error: ApplicationFailure) => {
    if (given.gone?.includes(activityId)) throw new Error('not found');
    failed.push({ activityId, error });
  };
  async function* list({ query }: { query: string }) {
    queries.push(query);
    if (given.isDown) throw new Error('unavailable');
    yield { workflowId: 'project-1', runId: 'run-1' };
  }
  const getHandle = () => ({ describe: async () => ({ raw: { pendingActivities: pending } }) });
  const client = { workflow: { list, getHandle }, activity: { fail } } as unknown as Client;
  return { client, queries, failed, failedIds: () => failed.map(({ activityId }) => activityId) };
}

async function registered(folder: string) {
  const recording = recordingLog();
  const self = await registerProcess(folder, 'io test', recording.log);
  return { self, recording };
}

/** Another process that registered in this folder. */
async function another(folder: string): Promise<{ process: ChildProcess; identity: string; end(): Promise<void> }> {
  const script = fileURLToPath(new URL('registering-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, 'io other'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(end);
  const [identity] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, identity, end };
}

/** What a process would have written of itself that is not there any more. */
async function owner(folder: string, overrides: Partial<Record<string, unknown>> = {}): Promise<string> {
  const facts = {
    bootId: (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
    pidNamespace: await readlink('/proc/self/ns/pid'),
    pid: process.pid,
    startedAt: '1',
    identity: `io ${Math.random()}`,
    ...overrides,
  };
  await writeFile(join(folder, `${facts.identity}.json`), JSON.stringify(facts));
  return facts.identity;
}

const runningBy = (lastWorkerIdentity: string, activityId = 'submit'): Pending => ({
  ...{ activityId, state: 2, lastWorkerIdentity },
});

/** Whether a process is taken for dead. */
async function isHandedBack(folder: string, identity: string): Promise<boolean> {
  const { self } = await registered(folder);
  const { client, failed } = temporal([runningBy(identity)]);
  await self.handBack(client);
  return failed.length === 1;
}

const files = async (folder: string) => (await readdir(folder)).length;

describe('a process', () => {
  test('has a name that says who and where it is, and that no other has', async () => {
    const folder = await temporaryFolder();
    const [{ self }, other] = [await registered(folder), await another(folder)];
    expect(self.identity).toMatch(new RegExp(`^io test ${process.pid}-\\d+@`));
    expect(self.identity.endsWith(`@${hostname()}`)).toBe(true);
    expect(other.identity).toMatch(/^io other \d+-\d+@/);
    expect(await files(folder)).toBe(2);
  });

  test('that ends as it should leaves nothing to look for', async () => {
    const folder = await temporaryFolder();
    const { self } = await registered(folder);
    await self.close();
    await self.close();
    expect(await files(folder)).toBe(0);
  });
});

describe('what a killed process left running', () => {
  test('is handed back, so that it runs again at once', async () => {
    const folder = await temporaryFolder();
    const dead = await another(folder);
    await dead.end();
    const { self, recording } = await registered(folder);
    const { client, failed, queries } = temporal([runningBy(dead.identity)]);
    await self.handBack(client);
    expect(failed).toMatchObject([
      { activityId: 'submit', error: { type: 'WorkerRestarted', nonRetryable: false, nextRetryDelay: 10 } },
    ]);
    expect(failed[0]?.error.message).toContain(dead.identity);
    for (const type of ['goflowIntake', 'goflowProject', 'goflowMedia']) expect(queries[0]).toContain(type);
    expect(recording.lines()).toMatchObject([{ dead: 1, handedBack: 1 }]);
    // known once: the next start asks Temporal nothing
    await self.handBack(client);
    expect([queries.length, await files(folder)]).toEqual([1, 1]);
  });

  test('is what it ran and nothing else', async () => {
    const folder = await temporaryFolder();
    const dead = await owner(folder);
    const { self } = await registered(folder);
    const { client, failedIds } = temporal([
      { activityId: 'running', state: 2, lastWorkerIdentity: dead },
      { activityId: 'cancelling', state: 3, lastWorkerIdentity: dead },
      { activityId: 'scheduled', state: 1, lastWorkerIdentity: dead },
      { activityId: 'paused', state: 4, lastWorkerIdentity: dead },
      { activityId: 'of-another', state: 2, lastWorkerIdentity: 'io elsewhere' },
      { activityId: 'of-myself', state: 2, lastWorkerIdentity: self.identity },
      { activityId: 'of-nobody', state: 2 },
    ]);
    await self.handBack(client);
    expect(failedIds()).toEqual(['running', 'cancelling']);
  });

  test('may just have ended by itself', async () => {
    const folder = await temporaryFolder();
    const dead = await owner(folder);
    const { self, recording } = await registered(folder);
    const pending = [runningBy(dead, 'gone'), runningBy(dead, 'there')];
    const { client, failedIds } = temporal(pending, { gone: ['gone'] });
    await self.handBack(client);
    expect(failedIds()).toEqual(['there']);
    expect(recording.lines()).toMatchObject([{ dead: 1, handedBack: 1 }]);
  });

  test('is looked for again when Temporal could not be asked', async () => {
    const folder = await temporaryFolder();
    const dead = await owner(folder);
    const { self } = await registered(folder);
    expect(await failureOf(self.handBack(temporal([], { isDown: true }).client))).toMatchObject({
      message: 'unavailable',
    });
    const { client, failedIds } = temporal([runningBy(dead)]);
    await self.handBack(client);
    expect(failedIds()).toEqual(['submit']);
  });
});

describe('a process counts as dead', () => {
  test('when its id belongs to another one now', async () => {
    const folder = await temporaryFolder();
    expect(await isHandedBack(folder, await owner(folder, { startedAt: '1' }))).toBe(true);
  });

  test('when the machine was started anew, whoever has its id now', async () => {
    const folder = await temporaryFolder();
    const identity = await owner(folder, { bootId: 'another', pidNamespace: 'another' });
    expect(await isHandedBack(folder, identity)).toBe(true);
  });

  test('when it has ended and only its parent has not noticed', async () => {
    // a shell would notice; what it turns into never looks, so the child ends only then
    const script = 'exec 3<&0; (read _ <&3) & echo $!; exec sleep 60';
    const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void shell.kill('SIGKILL'));
    const [pid] = (await once(createInterface(shell.stdout), 'line')) as [string];
    await until('it sleeps', async () => (await readFile(`/proc/${shell.pid}/comm`, 'utf8')) === 'sleep\n');
    shell.stdin.end('\n');
    const statOf = async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    while ((await statOf())[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
    const folder = await temporaryFolder();
    const identity = await owner(folder, { pid: Number(pid), startedAt: (await statOf())[19] });
    expect(await isHandedBack(folder, identity)).toBe(true);
  });
});

describe('a process does not count as dead', () => {
  test('while it runs, or is stopped: it could go on', async () => {
    const folder = await temporaryFolder();
    const other = await another(folder);
    expect(await isHandedBack(folder, other.identity)).toBe(false);
    other.process.kill('SIGSTOP');
    expect(await isHandedBack(folder, other.identity)).toBe(false);
    await other.end();
    expect(await isHandedBack(folder, other.identity)).toBe(true);
  });

  test('when it lives where we cannot see it', async () => {
    const folder = await temporaryFolder();
    const identity = await owner(folder, { pidNamespace: 'pid:[1]', startedAt: '1' });
    expect(await isHandedBack(folder, identity)).toBe(false);
    expect(await files(folder)).toBe(2);
  });

  test('when it died before it could say who it was', async () => {
    const folder = await temporaryFolder();
    for (const [name, text] of [
      ['a.json', ''],
      ['b.json', '{"pid": 1'],
      ['c.json', '{"pid": "x"}'],
      ['d.txt', 'something else'],
    ] as const)
      await writeFile(join(folder, name), text);
    const { self } = await registered(folder);
    const { client, queries } = temporal([]);
    await self.handBack(client);
    expect(queries).toEqual([]);
  });
});
