import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnProcess } from '../../tools/local/processes.ts';
import { compiled } from '../../tools/local/compiled.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const startsWith = async (env: Readonly<Record<string, string>>) => {
  const worker = spawnProcess(compiled('workers/main.ts'), ['orchestrator'], {
    GF25_STATE_DIR: join(await temporaryFolder(), 'state'),
    ...env,
  });
  return { code: await worker.ended, output: worker.output() };
};

test('without Temporal a worker says in one line where it looked and what to set', async () => {
  const { code, output } = await startsWith({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toContain('Temporal does not answer at 127.0.0.1:1');
  expect(output).toContain('TEMPORAL_ADDRESS');
  expect(output).not.toContain('    at ');
});

test('without a folder to write in it names the variable', async () => {
  // below /proc Node's own recursive mkdir never returns
  const { code, output } = await startsWith({ GF25_STATE_DIR: '/proc/gf25/state' });
  expect(code).toBe(2);
  expect(output).toMatch(
    /environment GF25_STATE_DIR: \/proc\/gf25\/state cannot be used: nothing can be made in \/proc/,
  );
});
