import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configFolder } from '../config/folders.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';

const sailors = ({ hosts }: Site) =>
  hosts.flatMap(({ vision }) => vision.calls()).filter(({ prompt }) => prompt.includes('sailor')).length;

test('a new project goes by the changed configuration, one that runs by what it was planned with', async () => {
  const { folder } = await configFolder();
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 150 }], env: { GF25_CONFIG_DIR: folder } });
  const first = site.enqueue({ images: 2, analyses: 10 });
  await site.untilPhase(first, 'processing');

  // all analyses of the stand-in that have no definition go by this one
  const file = join(folder, 'prompts', 'default.md');
  await writeFile(file, `${await readFile(file, 'utf8')}\nAnswer like a sailor.\n`);
  await until('it is taken over', () => site.log().includes('the configuration has changed'));
  await site.finished(first);
  expect(sailors(site)).toBe(0);

  const second = site.enqueue({ images: 1, analyses: 10 });
  await until('it runs', () => site.progress(second));
  await site.finished(second);
  expect(sailors(site)).toBeGreaterThan(0);
  for (const job of [first, second]) expectCompleted(site, job);
  await site.close();
}, 60_000);
