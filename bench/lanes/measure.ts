import { Client, Connection } from '@temporalio/client';
import { buildJob, type Job } from '../../test/stand-ins/goflow/job.ts';
import type { CallRecord } from '../../test/stand-ins/vision/records.ts';
import { compiled } from '../../tools/local/compiled.ts';
import type { StartedProcess } from '../../tools/local/processes.ts';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { type BenchSite, cpuMs, machineMs, openBenchSite, urlOf } from '../site.ts';

export interface LanesScenario {
  readonly images: number;
  readonly analyses: number;
  readonly hosts: number;
  readonly lanesPerHost: number;
  readonly latencyMs: number;
}

export interface LanesResult {
  readonly lanes: number;
  /**
   * Average number of calls open at the vision servers between the first and the last second, by their own logs: a lane
   * is busy from the moment its call arrives, upload included.
   */
  readonly busyLanes: number;
  /** The same without upload and parsing: only while the stand-in counts the inference as running. */
  readonly runningLanes: number;
  readonly wallSeconds: number;
  /** ceil(combinations / lanes) x latency. */
  readonly idealSeconds: number;
  readonly wallToIdeal: number;
  readonly encodes: number;
  readonly maxCallsAtOnce: readonly number[];
  /** From the job's hand-out to the first inference. */
  readonly firstStartSeconds: number;
  readonly workerCpuMsPerCombination: number;
  readonly serverCpuMsPerCombination: number;
  /** Share of the CPU time of the whole machine that was used: near 1, it is the machine that keeps lanes waiting. */
  readonly machineBusy: number;
}

/** The first project of processes that have just started, and the next one, which is the steady state. */
export interface LanesRun {
  readonly fresh: LanesResult;
  readonly steady: LanesResult;
}

/** Two projects, one after the other. Stand-ins, Temporal server and each role of the workers are processes of their own. */
export async function benchLanes(scenario: LanesScenario): Promise<LanesRun> {
  const { images, analyses, hosts, lanesPerHost, latencyMs } = scenario;
  const site = await openBenchSite();
  try {
    const slots = ['--port', '0', '--slots', String(lanesPerHost), '--latency-ms', String(latencyMs)];
    const visions = await Promise.all(
      Array.from({ length: hosts }, () => site.start('test/stand-ins/vision/main.ts', slots)),
    );
    const startWorker = async (role: string, name: string, more: Readonly<Record<string, string>> = {}) => {
      const environment = await site.environment(name, { intake: { pollIntervalSeconds: 0.5 } });
      return site.start(compiled('workers/main.ts'), [role], { ...environment, ...more });
    };
    // as on a site of more than one machine: whoever decides takes no time from whoever feeds the lanes
    const workers = await Promise.all([
      startWorker('orchestrator', 'orchestrator'),
      startWorker('io', 'io'),
      ...visions.map((vision, index) =>
        startWorker('gpu', `host-${index}`, {
          GF25_GPU_HOST: `bench-${index}`,
          GF25_LANES: String(lanesPerHost),
          GF25_VISION_URL: urlOf(vision),
        }),
      ),
    ]);
    const workerDied = Promise.race(
      workers.map(async (worker) => {
        const how = await worker.ended;
        throw new Error(`a worker has ended with ${how}: ${worker.output().slice(-2_000)}`);
      }),
    );
    workerDied.catch(() => undefined);
    const cpu = async () => ({
      workers: await cpuMs(workers.map(({ pid }) => pid)),
      server: await site.serverCpuMs(),
      machine: machineMs(),
    });
    const benchProject = async (): Promise<LanesResult> => {
      const job = buildJob({ images, analyses, seed: `bench ${Date.now()}` });
      await drawPictures(site, job);
      const before = await cpu();
      const handedOutAtMs = await Promise.race([runProject(site, job), workerDied]);
      const after = await cpu();
      const combinations = images * analyses;
      const calls = await Promise.all(visions.map((vision) => callsSince(vision, handedOutAtMs)));
      return {
        ...measure(calls, scenario, handedOutAtMs),
        workerCpuMsPerCombination: (after.workers - before.workers) / combinations,
        serverCpuMsPerCombination: (after.server - before.server) / combinations,
        machineBusy: (after.machine.busy - before.machine.busy) / (after.machine.had - before.machine.had),
      };
    };
    return { fresh: await benchProject(), steady: await benchProject() };
  } finally {
    await site.close();
  }
}

/** Before the clock runs: the pictures are the stand-in's work, not ours. */
async function drawPictures(site: BenchSite, job: Job): Promise<void> {
  const pictures = job.media.map(({ optimised_path: path }) => fetch(`${site.goflowUrl}${path}`));
  await Promise.all(pictures.map(async (picture) => (await picture).arrayBuffer()));
}

async function callsSince(vision: StartedProcess, sinceMs: number): Promise<CallRecord[]> {
  const answer = await fetch(`${urlOf(vision)}/_stand-in/calls`);
  return ((await answer.json()) as CallRecord[]).filter(({ receivedAtMs }) => receivedAtMs >= sinceMs);
}

/** Hands the job out and waits for the end of its project. Resolves with the moment of the hand-out. */
async function runProject(site: BenchSite, job: Job): Promise<number> {
  const connection = await Connection.connect({ address: site.temporalAddress });
  try {
    const client = new Client({ connection });
    const handedOutAtMs = nowMs();
    await site.enqueue(job);
    const project = client.workflow.getHandle(projectWorkflowId(job.project.id));
    while (!(await project.describe().catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 20));
    await project.result();
    return handedOutAtMs;
  } finally {
    await connection.close();
  }
}

function measure(calls: readonly CallRecord[][], scenario: LanesScenario, handedOutAtMs: number) {
  const { images, analyses, hosts, lanesPerHost, latencyMs } = scenario;
  const all = calls.flat();
  const starts = all.flatMap(({ startedAtMs }) => startedAtMs ?? []);
  const ends = all.flatMap(({ endedAtMs }) => endedAtMs ?? []);
  const firstMs = Math.min(...starts);
  const lastMs = Math.max(...ends);
  const wallMs = lastMs - firstMs;
  const steady = { fromMs: firstMs + 1000, toMs: lastMs - 1000 };
  const lanes = hosts * lanesPerHost;
  const idealMs = Math.ceil((images * analyses) / lanes) * latencyMs;
  return {
    lanes,
    busyLanes: averageOpen(all, ({ receivedAtMs }) => receivedAtMs, steady),
    runningLanes: averageOpen(all, ({ startedAtMs }) => startedAtMs, steady),
    wallSeconds: wallMs / 1000,
    idealSeconds: idealMs / 1000,
    wallToIdeal: wallMs / idealMs,
    encodes: all.filter(({ encoded }) => encoded).length,
    maxCallsAtOnce: calls.map(mostAtOnce),
    firstStartSeconds: (firstMs - handedOutAtMs) / 1000,
  };
}

/** The integral of open calls over a window, by its length. */
function averageOpen(
  calls: readonly CallRecord[],
  startOf: (call: CallRecord) => number | undefined,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  const openMs = calls.reduce((sum, call) => {
    const startMs = Math.max(startOf(call) ?? Infinity, fromMs);
    return sum + Math.max(0, Math.min(call.endedAtMs ?? Infinity, toMs) - startMs);
  }, 0);
  return openMs / (toMs - fromMs);
}

function mostAtOnce(calls: readonly CallRecord[]): number {
  const changes = calls.flatMap(({ receivedAtMs, endedAtMs = Infinity }) => [
    { atMs: receivedAtMs, by: 1 },
    { atMs: endedAtMs, by: -1 },
  ]);
  let open = 0;
  return changes
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by)
    .reduce((most, { by }) => Math.max(most, (open += by)), 0);
}

/** The clock of the stand-ins: monotonic, the same for all processes of a machine. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
