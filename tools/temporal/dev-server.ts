import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { makeFolder } from '../../config/make-folder.ts';
import { findTemporal, type Say } from './binary.ts';

export interface DevServerOptions {
  /** 0: a free one. */
  readonly port?: number;
  readonly uiPort?: number;
  /** Where the data is kept; without it everything is in memory. */
  readonly dbFile?: string | undefined;
  readonly say?: Say;
}

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  /** Resolves when the server has ended, by itself or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** As a power failure would: for tests. */
  kill(): Promise<void>;
}

/**
 * As in `config/docker/temporal-dynamicconfig.yaml`, which says why. A dev server has one history shard: reading its queue
 * 20 times a second, as by default, would make every hop take 50 ms instead of 6, and remembering for 30 s what it has
 * done costs 7 % of the server's time (both measured).
 */
const settings = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.transferProcessorUpdateAckInterval="1s"',
].flatMap((value) => ['--dynamic-config-value', value]);

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const retentionSeconds = 30 * 24 * 3600;

/** The server ends when this process does, however that ends: its keeper reads from a pipe that only we hold open. */
const keeper = `
exec 3<&0
"$@" </dev/null 3<&- & server=$!
(read -r _ <&3; kill $server) 2>/dev/null & watcher=$!
exec 3<&-
wait $server; code=$?
kill -9 $watcher 2>/dev/null
exit $code`;

/** Starts a dev server with the Web UI and resolves once it answers. */
export async function startDevServer({
  port = 0,
  uiPort = 0,
  dbFile,
  say = () => undefined,
}: DevServerOptions): Promise<DevServer> {
  const program = await findTemporal(say);
  const ports = { grpc: port || (await freePort()), ui: uiPort || (await freePort()), metrics: await freePort() };
  // another server there would answer for ours, which ends a moment later
  for (const given of [port, uiPort])
    if (given !== 0 && !(await isFree(given))) throw new Error(`port ${given} is taken`);
  if (dbFile !== undefined) await makeFolder(dirname(dbFile));
  const args = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(ports.grpc),
    '--ui-port',
    String(ports.ui),
  ];
  args.push('--metrics-port', String(ports.metrics), '--log-level', 'error', ...settings);
  if (dbFile !== undefined)
    args.push('--db-filename', dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal');

  const child = spawn('sh', ['-c', keeper, 'temporal-keeper', program, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { GOGC: '400', ...process.env },
    // a Ctrl-C in the terminal is for us; we end the server when we are done with it
    detached: true,
  });
  let output = '';
  child.stderr.on('data', (piece: Buffer) => (output = (output + piece.toString()).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = `127.0.0.1:${ports.grpc}`;
  const stop = () => stopChild(child, ended);
  const kill = async () => {
    killGroup(child);
    await ended;
  };
  try {
    await Promise.race([
      untilReady(address),
      ended.then(() => {
        throw new Error(`the Temporal server ended at its start: ${output.trim() || 'without a word'}`);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, uiUrl: `http://127.0.0.1:${ports.ui}`, ended, stop, kill };
}

async function untilReady(address: string): Promise<void> {
  const untilMs = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: '2s' });
      try {
        await keepHistories(connection);
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A dev server forgets closed workflows after a day, and with them that a project has completed: 30 days instead. */
async function keepHistories({ workflowService }: Connection): Promise<void> {
  const namespace = 'default';
  await workflowService.describeNamespace({ namespace });
  const config = { workflowExecutionRetentionTtl: { seconds: retentionSeconds as never } };
  await workflowService.updateNamespace({ namespace, config });
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.stdin?.end();
    const force = setTimeout(() => killGroup(child), stopTimeoutMs);
    await ended;
    clearTimeout(force);
  }
}

/** The keeper and the server: started detached, they are a process group of their own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** Whether nobody listens on this port of the loopback address. */
export const isFree = (port: number) =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

/** A port that nobody uses at the moment. */
export const freePort = () => listenOnce(0);

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
