import { describe, expect, onTestFinished, test } from 'vitest';
import { HostHealth } from '../../../../activities/goflow/gpu/host-health.ts';
import { ModelBook } from '../../../../activities/goflow/gpu/model-book.ts';
import type { VisionProvider } from '../../../../activities/vision/provider.ts';
import type { VisionStandInOptions } from '../../../stand-ins/vision/options.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/wait.ts';
import { ollamaStandIn } from '../../vision/inferences.ts';

async function healthOf(options: VisionStandInOptions = {}, neededModels: readonly string[] = ['qwen2.5vl:7b']) {
  const { server, provider } = await ollamaStandIn(options);
  const recording = recordingLog();
  let looks = 0;
  const counted: VisionProvider = {
    ...provider,
    health: (signal) => {
      looks += 1;
      return provider.health(signal);
    },
  };
  const seen: boolean[] = [];
  const models = new ModelBook(provider);
  const health: HostHealth = new HostHealth({
    ...{ provider: counted, models, neededModels, log: recording.log },
    onChange: () => seen.push(health.isHealthy),
  });
  onTestFinished(() => health.stop());
  return { server, health, models, seen, recording, looks: () => looks };
}

describe('the health of a host', () => {
  test('is bad until somebody has looked', async () => {
    const { health } = await healthOf();
    expect(health.isHealthy).toBe(false);
    expect(health.version).toBeUndefined();
    expect(await health.check()).toBe(true);
    expect(health.isHealthy).toBe(true);
  });

  test('brings the version of the server', async () => {
    const { health } = await healthOf({ version: '0.33.7' });
    await health.check();
    expect(health.version).toBe('0.33.7');
  });

  test('follows the server down and up, and tells each change once', async () => {
    const { server, health, seen, recording } = await healthOf();
    await health.start(20);
    await server.down();
    await until('the server is missed', () => !health.isHealthy);
    await server.up();
    await until('the server is found', () => health.isHealthy);
    await health.check();
    expect(seen).toEqual([true, false, true]);
    expect(recording.lines().map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'the vision server answers'],
      ['warn', 'the vision server cannot work: no image is taken'],
      ['info', 'the vision server answers'],
    ]);
    expect(recording.lines()[1]).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') as string });
  });

  const offered = [{ name: 'seer:7b' }, { name: 'blind:3b', capabilities: ['completion'] }];

  test.each([
    ['missing', 'no-such', `model 'no-such' not found: run "ollama pull no-such" on the machine of this vision server`],
    ['blind', 'blind:3b', "the model 'blind:3b' cannot see images: on this server these can: seer:7b"],
  ])('is bad while the only model is %s, and says what to do', async (_, model, problem) => {
    const { health, recording } = await healthOf({ models: offered, acceptAnyModel: false }, [model]);
    expect(await health.check()).toBe(false);
    expect(health.problem).toBe(problem);
    expect(recording.lines()).toMatchObject([{ level: 'warn', reason: problem }]);
  });

  test('is good enough to work while one of several models is there, but has a problem', async () => {
    const needed = ['seer:7b', 'no-such'];
    const { health, seen, recording } = await healthOf({ models: offered, acceptAnyModel: false }, needed);
    expect(await health.check()).toBe(true);
    expect(await health.check()).toBe(true);
    expect(health.problem).toContain('ollama pull no-such');
    expect(seen).toEqual([true]);
    expect(recording.lines()).toMatchObject([{ msg: 'the vision server lacks a model: some analyses will fail' }]);
  });

  test('asks for models anew when the server came back', async () => {
    const { server, health, models } = await healthOf({ models: [{ name: 'seer:7b', digest: 'abc' }] }, ['seer:7b']);
    await health.check();
    const before = await models.factsOf('seer:7b', new AbortController().signal);
    await health.check();
    expect(await models.factsOf('seer:7b', new AbortController().signal)).toBe(before);
    await server.down();
    await health.check();
    await server.up();
    expect(await health.check()).toBe(true);
    const after = await models.factsOf('seer:7b', new AbortController().signal);
    expect(after).toEqual({ digest: 'abc' });
    expect(after).not.toBe(before);
  });

  test('is told also when the first look finds nothing', async () => {
    const { server, health, seen, recording } = await healthOf();
    await server.down();
    expect(await health.check()).toBe(false);
    expect(seen).toEqual([false]);
    expect(recording.lines()).toMatchObject([{ level: 'warn' }]);
  });

  test('is looked at once for all who ask at the same time, and anew for those who ask later', async () => {
    const { health, looks } = await healthOf();
    expect(await Promise.all([health.check(), health.check(), health.check()])).toEqual([true, true, true]);
    expect(looks()).toBe(1);
    await health.check();
    expect(looks()).toBe(2);
  });

  test('is not looked at any more after the end', async () => {
    const { health, looks } = await healthOf();
    await health.start(5);
    await until('it was looked at again', () => looks() > 2);
    health.stop();
    await health.check();
    const atEnd = looks();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(looks()).toBe(atEnd);
  });
});
