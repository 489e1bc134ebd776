import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import { z } from 'zod';

/**
 * The task tokens of the activities that run in this process, in a file of its own. A successor on the same machine hands
 * back what a dead predecessor left, so that Temporal runs it again in milliseconds instead of at a timeout.
 */
export interface RestartJournal {
  readonly interceptor: ActivityInterceptorsFactory;
  /** Hands back what dead processes left. A stale token is harmless: the server does not know it any more. */
  handBack(client: Client): Promise<void>;
  close(): Promise<void>;
}

/** Who a process was: a pid alone lies, in containers and after a reboot. */
const ownerSchema = z.object({ bootId: z.string(), pidNamespace: z.string(), pid: z.int(), startedAt: z.string() });
type Owner = z.infer<typeof ownerSchema>;

const compactAfterLines = 2_000;
const retryAgainMs = 10;

export async function openRestartJournal(folder: string, log: Logger): Promise<RestartJournal> {
  const owner = await describeProcess(process.pid);
  const file = join(folder, `${process.pid}-${owner?.startedAt ?? Date.now()}.journal`);
  const running = new Set<string>();
  let lines = 0;
  let descriptor: number | undefined;

  // synchronous: a line that is not written before the work begins is of no use; the page cache outlives a kill -9
  const write = (line: string) => {
    lines += 1;
    if (lines > compactAfterLines) rewrite();
    else if (descriptor !== undefined) writeSync(descriptor, `${line}\n`);
  };
  const rewrite = () => {
    lines = running.size;
    const old = descriptor;
    descriptor = openSync(`${file}.tmp`, 'w');
    writeSync(descriptor, [JSON.stringify(owner), ...[...running].map((token) => `+${token}`), ''].join('\n'));
    renameSync(`${file}.tmp`, file);
    if (old !== undefined) closeSync(old);
  };
  if (owner) {
    mkdirSync(folder, { recursive: true });
    rewrite();
  }

  return {
    interceptor: ({ info }) => ({
      inbound: {
        async execute(input, next) {
          if (!owner) return next(input);
          running.add(info.base64TaskToken);
          write(`+${info.base64TaskToken}`);
          try {
            return await next(input);
          } finally {
            running.delete(info.base64TaskToken);
            write(`-${info.base64TaskToken}`);
          }
        },
      },
    }),
    async handBack(client) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((entry) => entry.endsWith('.journal'))) {
        const path = join(folder, name);
        if (path !== file) await handBackOne(client, path, log);
      }
    },
    async close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      await rm(file, { force: true });
    },
  };
}

async function handBackOne(client: Client, path: string, log: Logger): Promise<void> {
  const [head = '', ...entries] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const owner = ownerSchema.safeParse(parseJson(head));
  if (!owner.success || !(await isSurelyDead(owner.data))) return;
  const tokens = new Set<string>();
  for (const entry of entries) {
    if (entry.startsWith('+')) tokens.add(entry.slice(1));
    else if (entry.startsWith('-')) tokens.delete(entry.slice(1));
  }
  const restarted = ApplicationFailure.create({
    type: 'WorkerRestarted',
    message: `the worker process ${owner.data.pid} died`,
    nextRetryDelay: retryAgainMs,
  });
  const reports = [...tokens].map((token) => client.activity.fail(Buffer.from(token, 'base64'), restarted));
  const results = await Promise.allSettled(reports);
  const handedBack = results.filter(({ status }) => status === 'fulfilled').length;
  log.info({ pid: owner.data.pid, handedBack, stale: tokens.size - handedBack }, 'handed back what a dead worker left');
  await rm(path, { force: true });
}

/** A stopped process is not dead, and one of another boot or pid namespace can only be judged by its absence there. */
async function isSurelyDead(owner: Owner): Promise<boolean> {
  const here = await describeProcess(process.pid);
  if (!here) return false;
  if (here.bootId !== owner.bootId) return true;
  if (here.pidNamespace !== owner.pidNamespace) return false;
  const now = await describeProcess(owner.pid);
  return now?.startedAt !== owner.startedAt;
}

/** From /proc; undefined where there is none (then there is no journal either, only timeouts). */
async function describeProcess(pid: number): Promise<Owner | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // fields after the command, which may hold spaces and brackets; the 22nd of all is the start time
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', startedAt = ''] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined;
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return { bootId, pidNamespace: await readlink('/proc/self/ns/pid'), pid, startedAt };
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
