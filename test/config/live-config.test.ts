import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLiveConfig, type Reloaded } from '../../config/live-config.ts';
import { loadConfig } from '../../config/load.ts';
import { recordingLog } from '../support/recording-log.ts';
import { until } from '../support/wait.ts';
import { configFolder } from './folders.ts';

/** A copy of the shipped configuration that a process lives with. */
async function liveCopy() {
  const { folder, env } = await configFolder();
  const load = () => loadConfig([], env);
  const reloads: Reloaded[] = [];
  const { log, text } = recordingLog();
  const onReload = (reloaded: Reloaded) => void reloads.push(reloaded);
  const live = createLiveConfig({ first: load(), load, log, everyMs: 20, onReload });
  onTestFinished(() => live.close());
  const change = async (file: string, edit: (content: string) => string) => {
    const path = join(folder, file);
    await writeFile(path, edit(await readFile(path, 'utf8')));
  };
  return { live, change, reloads, text, folder };
}

const morePatience = (yaml: string) => yaml.replace('pollIntervalSeconds: 10', 'pollIntervalSeconds: 17');

describe('a changed file', () => {
  test('is taken over, and the version says so', async () => {
    const { live, change, reloads } = await liveCopy();
    const before = live.state;
    await change('gf25.yaml', morePatience);
    await until('it is taken over', () => live.current.settings.intake.pollIntervalSeconds === 17);
    expect(live.state).toMatchObject({ version: before.version + 1, faults: [], needsRestart: [] });
    expect(live.state.hash).not.toBe(before.hash);
    expect(reloads).toHaveLength(1);
  });

  test('with faults leaves the old one in force, and each fault is named with file and line', async () => {
    const { live, change, text } = await liveCopy();
    const before = live.state;
    await change('gf25.yaml', (yaml) => morePatience(yaml).replace('maxOpenProjects: 20', 'maxOpenProjects: many'));
    await until('it is refused', () => live.state.faults.length > 0);
    expect(live.state.faults).toEqual([expect.stringMatching(/gf25\.yaml:\d+: intake\.maxOpenProjects: /) as string]);
    expect(live.state).toMatchObject({ version: before.version, hash: before.hash });
    expect(live.current.settings.intake.pollIntervalSeconds).toBe(10);
    expect(text()).toContain('the old one stays');
    await change('gf25.yaml', (yaml) => yaml.replace('maxOpenProjects: many', 'maxOpenProjects: 20'));
    await until('it is mended', () => live.current.settings.intake.pollIntervalSeconds === 17);
    expect(live.state.faults).toEqual([]);
  });

  test('of a prompt or an analysis counts, too', async () => {
    const { live, change } = await liveCopy();
    await change('prompts/people-count.md', (prompt) => `${prompt}\nCount twice.\n`);
    await until('it is taken over', () => live.state.version === 2);
    expect(live.current.definitions.bySlug.get('people-count')?.prompt).toContain('Count twice.');
  });

  test('that is read at the start only is said to need a restart', async () => {
    const { live, change } = await liveCopy();
    await change('gf25.yaml', (yaml) => yaml.replace('stageAheadPerLane: 0.5', 'stageAheadPerLane: 2'));
    await until('it is read', () => live.state.version === 2);
    expect(live.state.needsRestart).toEqual(['gpu']);
    await change('gf25.yaml', (yaml) => yaml.replace('stageAheadPerLane: 2', 'stageAheadPerLane: 0.5'));
    await until('it is as at the start again', () => live.state.version === 3);
    expect(live.state.needsRestart).toEqual([]);
  });
});

test('reading anew without a change changes nothing', async () => {
  const { live, reloads } = await liveCopy();
  const before = live.state;
  expect(live.reload()).toMatchObject({ outcome: 'unchanged', hash: before.hash, version: 1 });
  expect(live.state).toEqual(before);
  expect(reloads).toHaveLength(1);
});

test('a folder that was gone when it was read anew, and is back as it was, has no faults left', async () => {
  const { live, folder } = await liveCopy();
  const before = live.state;
  await rename(folder, `${folder}-away`);
  expect(live.reload()).toMatchObject({ outcome: 'refused', version: 1 });
  await rename(`${folder}-away`, folder);
  await until('it is in order again', () => live.state.faults.length === 0);
  expect(live.state).toEqual(before);
});

test('a folder that goes away is a fault, without anybody asking', async () => {
  const { live, folder, change } = await liveCopy();
  await change('gf25.yaml', morePatience);
  await until('it is looked at', () => live.state.version === 2);
  await rename(folder, `${folder}-away`);
  await until('it is missed', () => live.state.faults.length > 0);
  await rename(`${folder}-away`, folder);
  await until('it is in order again', () => live.state.faults.length === 0);
});
