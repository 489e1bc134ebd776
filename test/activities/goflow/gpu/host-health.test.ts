import { describe, expect, onTestFinished, test } from 'vitest';
import { HostHealth } from '../../../../activities/goflow/gpu/host-health.ts';
import type { VisionProvider } from '../../../../activities/vision/provider.ts';
import type { VisionStandInOptions } from '../../../stand-ins/vision/options.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/wait.ts';
import { ollamaStandIn } from '../../vision/inferences.ts';

async function healthOf(options: VisionStandInOptions = {}) {
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
  const health: HostHealth = new HostHealth(counted, recording.log, () => seen.push(health.isHealthy));
  onTestFinished(() => health.stop());
  return { server, health, seen, recording, looks: () => looks };
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
      ['warn', 'the vision server does not answer: no image is taken'],
      ['info', 'the vision server answers'],
    ]);
    expect(recording.lines()[1]).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') as string });
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
