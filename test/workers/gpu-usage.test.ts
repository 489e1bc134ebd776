import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { showGpus } from '../../workers/gpu-usage.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/wait.ts';

afterEach(() => void vi.unstubAllEnvs());

/** What a worker shows on a machine whose `nvidia-smi` is this shell script; undefined: on one without it. */
async function machineWith(script: string | undefined) {
  const folder = await temporaryFolder();
  const program = join(folder, 'nvidia-smi');
  const write = async (text: string) => {
    await writeFile(program, `#!/bin/sh\n${text}\n`);
    await chmod(program, 0o755);
  };
  if (script !== undefined) await write(script);
  vi.stubEnv('PATH', script === undefined ? folder : `${folder}:/usr/bin:/bin`);
  const registry = new Registry();
  const recording = recordingLog();
  const gpus = showGpus(registry, recording.log);
  onTestFinished(() => gpus.close());
  const samples = async () => (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'));
  const lines = () => recording.lines().map(({ level, msg }) => ({ level, msg }));
  return { folder, samples, lines, close: () => gpus.close() };
}

test('each GPU is shown with its use and its memory, and asked once for all that scrape', async () => {
  const { folder, samples, lines } = await machineWith(
    'echo "$@" >> "$(dirname "$0")/calls"; echo "0, 35, 1024, 81559"; echo "1, [N/A], 0, 24576"',
  );
  const expected = [
    'gf25_gpu_utilisation_ratio{gpu="0"} 0.35',
    'gf25_gpu_memory_used_bytes{gpu="0"} 1073741824',
    'gf25_gpu_memory_used_bytes{gpu="1"} 0',
    'gf25_gpu_memory_total_bytes{gpu="0"} 85520809984',
    'gf25_gpu_memory_total_bytes{gpu="1"} 25769803776',
  ];
  expect(await Promise.all([samples(), samples()])).toEqual([expected, expected]);
  expect(await samples()).toEqual(expected);
  expect(await readFile(join(folder, 'calls'), 'utf8')).toBe(
    '--query-gpu=index,utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits\n',
  );
  expect(lines()).toEqual([]);
});

test('a machine without nvidia-smi shows no GPU, and says so only to who debugs it', async () => {
  const { samples, lines } = await machineWith(undefined);
  expect(await samples()).toEqual([]);
  expect(lines()).toEqual([{ level: 'debug', msg: 'there is no nvidia-smi here: the metrics show no GPU' }]);
});

test('a driver that is not there is said, and shown as no GPU', async () => {
  const { samples, lines } = await machineWith('echo "NVIDIA-SMI has failed"; exit 9');
  expect(await samples()).toEqual([]);
  expect(lines()).toEqual([{ level: 'warn', msg: 'nvidia-smi does not answer: the metrics show no GPU' }]);
});

test('one that hangs keeps no scrape waiting, is not asked again meanwhile, and ends with its worker', async () => {
  const { folder, samples, close } = await machineWith('echo $$ >> "$(dirname "$0")/pids"; exec sleep 600');
  expect(await samples()).toEqual([]);
  expect(await samples()).toEqual([]);
  const pids = (await readFile(join(folder, 'pids'), 'utf8')).trim().split('\n');
  close();
  await until('it has ended', () => !isAlive(Number(pids.at(-1))));
  expect(new Set(pids).size).toBe(pids.length);
  expect(pids.length).toBeLessThanOrEqual(2);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
