import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWarmUp } from '../../../../activities/goflow/gpu/warm-up.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/wait.ts';
import { ollamaStandIn } from '../../vision/inferences.ts';

test('a model is loaded in the background, once for all who ask meanwhile', async () => {
  const { server, provider } = await ollamaStandIn({ loadMs: 30 });
  const { log, lines } = recordingLog();
  const warmUp = createWarmUp(provider, 'qwen2.5vl:7b', log);
  for (let times = 0; times < 3; times += 1) warmUp.start();
  await until('it is loaded', () => lines().length > 0);
  expect(lines()).toMatchObject([{ level: 'info', msg: 'the model is loaded', model: 'qwen2.5vl:7b' }]);
  expect(server.stats().loads).toBe(1);
});

test('what goes wrong is said, and nothing else', async () => {
  const { provider } = await ollamaStandIn({ acceptAnyModel: false });
  const { log, lines } = recordingLog();
  createWarmUp(provider, 'no-such', log).start();
  await until('it failed', () => lines().length > 0);
  expect(lines()).toMatchObject([{ level: 'warn', model: 'no-such' }]);
});

test('a worker that ends does not wait for it', async () => {
  const { server, provider } = await ollamaStandIn({ loadMs: 60_000 });
  const { log, lines } = recordingLog();
  const warmUp = createWarmUp(provider, 'qwen2.5vl:7b', log);
  warmUp.start();
  await delay(50);
  warmUp.stop();
  await delay(50);
  expect(server.stats().loads).toBe(0);
  expect(lines()).toEqual([]);
});

test.each([undefined, 'a-model'])('nothing happens for %s with a provider that loads nothing', async (model) => {
  const { log, lines } = recordingLog();
  createWarmUp({}, model, log).start();
  await delay(10);
  expect(lines()).toEqual([]);
});
