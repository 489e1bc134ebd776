import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { recentValue } from '../config/recent-value.ts';

/** What one GPU of this machine does now; undefined is what it does not tell. */
interface GpuUsage {
  readonly index: string;
  /** 0..1 */
  readonly utilisation: number | undefined;
  readonly usedBytes: number | undefined;
  readonly totalBytes: number | undefined;
}

const program = 'nvidia-smi';
const args = ['--query-gpu=index,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'] as const;
/** It answers in a fraction of a second, or hangs with its driver. */
const killAfterMs = 3_000;
/** Several that scrape cost no more than one. */
const forMs = 5_000;
/** A scrape may take ten seconds, and there is more in it than this. */
const waitAtMostMs = 2_000;

/**
 * Shows the GPUs of this machine in the metrics, as `nvidia-smi` tells them when somebody scrapes. Without it, and while
 * it does not answer, they are absent.
 *
 * @returns ends what still runs
 */
export function showGpus(registry: Registry, log: Logger): { close(): void } {
  const closing = new AbortController();
  const tell = tellOnce(log);
  const read = async () => {
    try {
      const text = await ask(closing.signal);
      tell(undefined);
      return parse(text);
    } catch (error) {
      if (!closing.signal.aborted) tell(error);
      return [];
    }
  };
  const usage = recentValue(read, { forMs, waitAtMostMs });
  const show = (name: string, help: string, pick: (gpu: GpuUsage) => number | undefined) => {
    const collect = async () => {
      const gpus = (await usage()) ?? [];
      gauge.reset();
      for (const gpu of gpus) {
        const value = pick(gpu);
        if (value !== undefined) gauge.set({ gpu: gpu.index }, value);
      }
    };
    const registers = [registry];
    const gauge: Gauge<'gpu'> = new Gauge({ name: `gf25_gpu_${name}`, help, labelNames: ['gpu'], registers, collect });
  };
  show('utilisation_ratio', 'How busy a GPU of this machine is, 0 to 1', ({ utilisation }) => utilisation);
  show('memory_used_bytes', 'Memory in use on a GPU of this machine', ({ usedBytes }) => usedBytes);
  show('memory_total_bytes', 'Memory of a GPU of this machine', ({ totalBytes }) => totalBytes);
  return { close: () => closing.abort() };
}

/** Ends with this process. One that hangs in its driver cannot be killed: then this promise stays open, too. */
async function ask(signal: AbortSignal): Promise<string> {
  const ending = new AbortController();
  const end = () => ending.abort();
  process.once('exit', end);
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      ...{ timeout: killAfterMs, killSignal: 'SIGKILL' },
      signal: AbortSignal.any([signal, ending.signal]),
    });
    return stdout;
  } finally {
    process.off('exit', end);
  }
}

/** `0, 35, 1024, 81559`: per cent and MiB; `[N/A]` where a GPU does not tell. */
function parse(text: string): GpuUsage[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter(([index = '']) => /^\d+$/.test(index))
    .map(([index = '', percent, used, total]) => ({
      index,
      utilisation: number(percent, (value) => value / 100),
      usedBytes: number(used, inBytes),
      totalBytes: number(total, inBytes),
    }));
}

const inBytes = (mebibytes: number) => mebibytes * 1024 ** 2;

const number = (cell: string | undefined, convert: (value: number) => number): number | undefined =>
  cell !== undefined && /^\d+(\.\d+)?$/.test(cell) ? convert(Number(cell)) : undefined;

/** A machine without GPUs is no news; a GPU that stops to answer is, once. */
function tellOnce(log: Logger): (error: unknown) => void {
  let told: 'answers' | 'absent' | 'fails' | undefined;
  return (error) => {
    const now = error === undefined ? 'answers' : isAbsent(error) ? 'absent' : 'fails';
    if (now === told) return;
    told = now;
    if (now === 'absent') log.debug(`there is no ${program} here: the metrics show no GPU`);
    if (now === 'fails') log.warn({ err: error }, `${program} does not answer: the metrics show no GPU`);
  };
}

const isAbsent = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
