import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLiveConfig } from '../../../config/live-config.ts';
import { loadConfig } from '../../../config/load.ts';
import { configFolder } from '../../config/folders.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { asRole, openApi } from './api.ts';

async function reloading() {
  const { folder, env } = await configFolder();
  const load = () => loadConfig([], env);
  // it is looked for changes only when it is asked to
  const live = createLiveConfig({ first: load(), load, log: recordingLog().log, everyMs: 3_600_000 });
  onTestFinished(() => live.close());
  const { app } = await openApi({ reload: () => live.reload() });
  const reload = async (role: 'operator' | 'admin' = 'admin') =>
    app.inject({ method: 'POST', url: '/admin/config/reload', headers: await asRole(role) });
  return { file: join(folder, 'gf25.yaml'), live, reload };
}

test('the configuration is read anew, and what it says now is told', async () => {
  const { live, reload } = await reloading();
  const answer = await reload();
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ outcome: 'unchanged', hash: live.state.hash, version: 1, faults: [] });
});

test('one with faults is refused with all of them, and the old one stays', async () => {
  const { file, live, reload } = await reloading();
  await writeFile(file, 'intake: { pollIntervalSeconds: soon }\n');
  const answer = (await reload()).json<{ outcome: string; faults: string[] }>();
  expect(answer.outcome).toBe('refused');
  expect(answer.faults.length).toBeGreaterThan(1);
  expect(answer.faults).toContainEqual(expect.stringMatching(/gf25\.yaml:1: intake\.pollIntervalSeconds: /));
  expect(live.current.settings.intake.pollIntervalSeconds).toBe(10);
});

test('only an admin may', async () => {
  const { reload } = await reloading();
  expect((await reload('operator')).statusCode).toBe(403);
});
