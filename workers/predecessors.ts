import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { makeFolder } from '../config/make-folder.ts';

/**
 * Who ran here before. A process that dies leaves activities that the server believes to be running until a timeout; its
 * successor on the same machine finds them by the name under which they were polled and hands them back, so that they
 * run again in milliseconds.
 */
export interface Predecessors {
  /** The name of this process at the server, never used twice. */
  readonly identity: string;
  /** Hands back what dead processes left running. */
  handBack(client: Client): Promise<void>;
  /** This process ends as it should: nobody need look for what it left. */
  close(): Promise<void>;
}

/** Which process this was: a pid alone lies, in containers and after a reboot. */
const ownerSchema = z.object({
  bootId: z.string(),
  pidNamespace: z.string(),
  pid: z.int(),
  startedAt: z.string(),
  identity: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

const retryAgainMs = 10;

/** @param label role and host, for people who read the list of pollers */
export async function registerProcess(folder: string, label: string, log: Logger): Promise<Predecessors> {
  const self = await describeProcess(process.pid);
  const startedAt = self?.startedAt ?? String(Date.now());
  const identity = `${label} ${process.pid}-${startedAt}@${hostname()}`;
  const file = join(folder, `${process.pid}-${startedAt}.json`);
  await makeFolder(folder);
  if (self) await writeFile(file, JSON.stringify({ ...self, identity } satisfies Owner));

  return {
    identity,
    async handBack(client) {
      const dead: { path: string; identity: string }[] = [];
      for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.json'))) {
        const path = join(folder, name);
        const owner = await readOwner(path);
        if (self && owner && isSurelyDead(owner, self, await describeProcess(owner.pid)))
          dead.push({ path, identity: owner.identity });
      }
      if (dead.length === 0) return;
      const handedBack = await handBackAll(client, new Set(dead.map((owner) => owner.identity)));
      log.info({ dead: dead.length, handedBack }, 'handed back what dead processes left running');
      await Promise.all(dead.map(({ path }) => rm(path, { force: true })));
    },
    close: () => rm(file, { force: true }),
  };
}

/** Started, or started and asked to cancel: temporal.api.enums.v1.PendingActivityState */
const runningStates = [2, 3];

async function handBackAll(client: Client, identities: ReadonlySet<string>): Promise<number> {
  let count = 0;
  const types = `'goflowIntake', 'goflowProject', 'goflowMedia', 'goflowNotifications'`;
  const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${types})`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const { activityId, state, lastWorkerIdentity } of raw.pendingActivities ?? []) {
      if (!activityId || !runningStates.includes(Number(state)) || !identities.has(lastWorkerIdentity ?? '')) continue;
      const restarted = ApplicationFailure.create({
        type: 'WorkerRestarted',
        message: `the worker ${lastWorkerIdentity ?? ''} died`,
        nextRetryDelay: retryAgainMs,
      });
      // not found: it has just timed out or ended
      const isDone = await client.activity.fail({ workflowId, runId, activityId }, restarted).then(
        () => true,
        () => false,
      );
      if (isDone) count += 1;
    }
  }
  return count;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // half-written by a process that died at its start: it had not polled yet
    return undefined;
  }
}

/** A stopped process is not dead; one of another pid namespace cannot be judged from here. */
function isSurelyDead(owner: Owner, self: ProcessFacts, now: ProcessFacts | undefined): boolean {
  if (owner.bootId !== self.bootId) return true;
  return owner.pidNamespace === self.pidNamespace && now?.startedAt !== owner.startedAt;
}

type ProcessFacts = Omit<Owner, 'identity'>;

/** From /proc; undefined where there is none (then dead processes are only noticed by timeouts), or no such process. */
async function describeProcess(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // fields after the command, which may hold spaces and brackets; the 22nd of all is the start time
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt = ''] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined;
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return { bootId, pidNamespace: await readlink('/proc/self/ns/pid'), pid, startedAt };
  } catch {
    return undefined;
  }
}
