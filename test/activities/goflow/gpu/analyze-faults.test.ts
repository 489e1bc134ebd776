import { describe, expect, test } from 'vitest';
import { releaseImage } from '../../../../activities/goflow/gpu/release-image.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import type { ScriptAction } from '../../../stand-ins/vision/script.ts';
import { failureOf } from '../../../support/activity.ts';
import { until } from '../../../support/wait.ts';
import { analysisOn } from './analyses.ts';

const hang: ScriptAction = { kind: 'hang', phase: 'before-headers' };

describe('whose fault a failed inference is', () => {
  test.each<[string, ScriptAction, object]>([
    ['the server’s, which may do better', { kind: 'status', status: 500 }, { code: 'VisionFailed', isFinal: false }],
    ['that of a broken connection', { kind: 'reset', phase: 'mid-stream' }, { code: 'VisionFailed', isFinal: false }],
    ['nobody’s: the server is full', { kind: 'status', status: 503 }, { code: 'VisionOverloaded', isFinal: false }],
    [
      'nobody’s, and the server says when to come again',
      { kind: 'status', status: 503, headers: { 'retry-after': '9' } },
      { code: 'VisionOverloaded', retryDelayMs: expect.closeTo(9_000 * 1.125, -4) as number },
    ],
    [
      'that of the call, which can never succeed',
      { kind: 'status', status: 400, error: 'does not support images' },
      { code: 'VisionRefused', message: 'does not support images' },
    ],
  ])('%s', async (_, action, expected) => {
    const { start, server, host, key } = await analysisOn();
    server.script.add({ action });
    expect(await failureOf(start().result)).toMatchObject({ name: 'Failure', ...expected });
    // the image stays for the next attempt
    expect(host.places.find(key)).toBeDefined();
    expect(host.lanes.busy).toBe(0);
  });

  test('is that of time, when the model takes too long', async () => {
    const { start, server } = await analysisOn({ inferenceTimeoutMs: 300 });
    server.script.add({ action: hang });
    expect(await failureOf(start().result)).toMatchObject({ code: 'VisionTimeout', isFinal: false });
  });

  test('is that of the host, when its server does not answer any more: the image goes elsewhere', async () => {
    const { start, server, host, key } = await analysisOn({ name: 'host-7' });
    server.script.add({ action: hang });
    const failing = failureOf(start().result);
    await server.waitFor(([call]) => call?.startedAtMs !== undefined);
    await server.down();
    const failure = await failing;
    expect(failure).toMatchObject({ code: 'HostUnavailable' });
    expect(failure.message).toMatch(/^host-7: the vision server does not answer: /);
    expect(host.places.find(key)).toBeUndefined();
  });

  test.each([
    [401, /^host-7: GF25_VISION_URL answers 401: it wants a key/],
    [404, /^host-7: Not Found: is there Ollama at GF25_VISION_URL\?/],
  ])('is that of the host, when its door answers %i to inferences alone', async (status, message) => {
    const { start, server, host, key } = await analysisOn({ name: 'host-7' });
    server.script.add({ action: { kind: 'status', status, error: 'Not Found' } });
    const failure = await failureOf<Failure>(start({}, { heartbeatDetails: { failures: 2 } }).result);
    expect(failure).toMatchObject({ code: 'HostUnavailable', message: expect.stringMatching(message) as string });
    expect(host.places.find(key)).toBeUndefined();
  });

  test('is counted', async () => {
    const { start, server, metrics } = await analysisOn();
    server.script.add({ action: { kind: 'status', status: 503 } });
    await failureOf(start().result);
    expect(await metrics.registry.metrics()).toContain('gf25_inference_seconds_count{outcome="overloaded"} 1');
  });
});

describe('attempts of an inference', () => {
  test.each([
    [undefined, 1, false, 1_000],
    [{ failures: 1 }, 2, false, 2_000],
    [{ failures: 2 }, 3, true, 3_000],
    ['something else', 1, false, 1_000],
  ])(
    'with %j from the one before: the failure counts as number %i, final: %s',
    async (heartbeatDetails, failures, isFinal, retryDelayMs) => {
      const { start, server, records } = await analysisOn();
      server.script.add({ action: { kind: 'status', status: 500 } });
      const failure = await failureOf<Failure>(start({}, { heartbeatDetails }).result);
      expect(failure).toMatchObject({ code: 'VisionFailed', isFinal, retryDelayMs });
      expect(records).toEqual([{ failures, overloads: 0 }]);
    },
  );

  test('do not count a server that is full: it may be so for hours', async () => {
    const { start, server, records } = await analysisOn();
    server.script.add({ action: { kind: 'status', status: 503 } });
    const failure = await failureOf<Failure>(start({}, { heartbeatDetails: { failures: 2 } }).result);
    expect(failure).toMatchObject({ code: 'VisionOverloaded', isFinal: false });
    expect(records).toEqual([{ failures: 2, overloads: 1 }]);
  });
});

describe('a cancellation', () => {
  test('reaches the call to the server', async () => {
    const { start, server, host } = await analysisOn();
    server.script.add({ action: hang });
    const run = start();
    await server.waitFor(([call]) => call?.startedAtMs !== undefined);
    run.cancel();
    expect(await failureOf(run.result)).toMatchObject({ name: 'CancelledFailure' });
    await server.waitFor(([call]) => call?.outcome === 'aborted');
    expect(host.lanes.busy).toBe(0);
  });

  test('reaches one that waits for a lane, and the other goes on', async () => {
    const { start, server, host, plan } = await analysisOn({ lanes: 1 });
    server.script.add({ action: { kind: 'delay', ms: 300 } });
    const first = start();
    await until('the lane is taken', () => host.lanes.busy === 1);
    const second = start({ analysisId: plan.analyses[1]?.id ?? '' });
    await until(
      'it waits',
      () => (host.places.find(`${plan.project.id}/${plan.media[0]?.id ?? ''}`)?.outstanding ?? 0) === 2,
    );
    second.cancel();
    expect(await failureOf(second.result)).toMatchObject({ name: 'CancelledFailure' });
    expect((await first.result).answer.verdicts).toBeDefined();
    expect(server.calls()).toHaveLength(1);
  });
});

describe('an image that is given back', () => {
  test('ends at once what waits and what runs for it, when it is told to', async () => {
    const { start, server, host, plan, input } = await analysisOn({ lanes: 1 });
    server.script.add({ action: hang });
    const runs = plan.analyses.map(({ id }) => failureOf(start({ analysisId: id }).result));
    await server.waitFor(([call]) => call?.startedAtMs !== undefined);
    await releaseImage({ host }, { projectId: plan.project.id, mediaId: input.mediaId, abort: true });
    for (const failure of await Promise.all(runs)) expect(failure).toMatchObject({ code: 'ImageReleased' });
    await server.waitFor(([call]) => call?.outcome === 'aborted');
    expect([host.places.taken, host.lanes.busy, server.calls().length]).toEqual([0, 0, 1]);
  });

  test('lets end what runs, when it is not', async () => {
    const { start, server, host, plan, input } = await analysisOn({ lanes: 1 });
    server.script.add({ action: { kind: 'delay', ms: 200 } });
    const { result } = start();
    await server.waitFor(([call]) => call?.startedAtMs !== undefined);
    await releaseImage({ host }, { projectId: plan.project.id, mediaId: input.mediaId, abort: false });
    expect(host.places.taken).toBe(0);
    expect((await result).answer.verdicts).toBeDefined();
  });

  test('may be given back twice, and when it never was here', async () => {
    const { host, plan, input } = await analysisOn();
    const released = { projectId: plan.project.id, mediaId: input.mediaId, abort: true };
    for (let time = 0; time < 2; time += 1) await releaseImage({ host }, released);
    await releaseImage({ host }, { ...released, projectId: 'another' });
    expect(host.places.taken).toBe(0);
  });
});

describe('a host that leaves', () => {
  test('sends what waits elsewhere, and says with the last answer that it leaves', async () => {
    const { start, server, host, plan } = await analysisOn({ lanes: 1 });
    server.script.add({ action: { kind: 'delay', ms: 300 } });
    const first = start();
    await until('the lane is taken', () => host.lanes.busy === 1);
    const second = failureOf(start({ analysisId: plan.analyses[1]?.id ?? '' }).result);
    const leaving = host.leave(10_000);
    expect(await second).toMatchObject({ code: 'HostLeaving' });
    expect(await first.result).toMatchObject({ isLeaving: true, spareLanes: 0 });
    expect(await failureOf(start({ round: 2 }).result)).toMatchObject({ code: 'HostLeaving' });
    await leaving;
  });
});
