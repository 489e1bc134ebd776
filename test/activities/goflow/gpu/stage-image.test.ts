import { describe, expect, test, vi } from 'vitest';
import { stageImage } from '../../../../activities/goflow/gpu/stage-image.ts';
import { stagedImageOf } from '../../../../activities/goflow/gpu/places.ts';
import type { Images } from '../../../../activities/images/images.ts';
import { Failure } from '../../../../activities/shared/failure.ts';
import type { StageImageInput } from '../../../../workflows/goflow/contracts/activities.ts';
import { failureOf, startActivity } from '../../../support/activity.ts';
import { planOf } from '../../../support/plans.ts';
import { until } from '../../../support/wait.ts';
import { image } from '../../qa/answers.ts';
import { gpuHost } from './hosts.ts';

const plan = planOf({ images: 1 });
const [media] = plan.media;
if (!media) throw new Error('the plan has no image');
const input: StageImageInput = {
  plan: { projectId: plan.project.id, digest: plan.digest },
  media,
  preferredVariant: 'greyscale',
};
const key = `${plan.project.id}/${media.id}`;

async function staging(prepare: Images['prepare']) {
  const gpu = await gpuHost({ name: 'host-7' });
  const images = { prepare: vi.fn(prepare), recall: async () => undefined };
  const start = (attempt = 1) =>
    startActivity(() => stageImage({ host: gpu.host, images, downloadAttempts: 5 }, input), { attempt });
  return { ...gpu, images, start };
}

describe('an image that can be used', () => {
  test('takes a place, and the workflow learns where and as what', async () => {
    const { start, host, images } = await staging(async () => image);
    expect(await start().result).toEqual({ host: 'host-7', image: stagedImageOf(image) });
    expect(host.places.find(key)?.image).toBe(image);
    expect(images.prepare).toHaveBeenCalledWith(media, 'greyscale', expect.any(AbortSignal));
  });

  test('takes one place only, however often it is staged', async () => {
    const { start, host } = await staging(async () => image);
    await start().result;
    await start(2).result;
    expect(host.places.taken).toBe(1);
  });
});

describe('an image that cannot be used takes no place', () => {
  test.each(['ImageMissing', 'ImageInvalid', 'ImageAddressRefused'] as const)('%s', async (code) => {
    const { start, host } = await staging(() => Promise.reject(new Failure(code, 'why')));
    expect(await failureOf(start().result)).toMatchObject({ code, message: 'why' });
    expect(host.places.taken).toBe(0);
  });

  test.each([
    [1, false, 1_000],
    [2, false, 2_000],
    [4, false, 8_000],
    [5, true, 16_000],
    [50, true, 32_000],
  ])(
    'a host that is down, at attempt %i: final is %s, the next one in %i ms or half of them',
    async (attempt, isFinal, longestMs) => {
      const { start, host } = await staging(() => Promise.reject(new Failure('ImageUnreachable', 'no connection')));
      const failure = await failureOf<Failure>(start(attempt).result);
      expect(failure).toMatchObject({ code: 'ImageUnreachable', message: 'no connection', isFinal });
      expect(failure.retryDelayMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(failure.retryDelayMs).toBeLessThanOrEqual(longestMs);
      expect(host.places.taken).toBe(0);
    },
  );

  test('a host that says when to come again is obeyed', async () => {
    const later = new Failure('ImageUnreachable', 'the image host answered 429', { retryDelayMs: 45_000 });
    const { start } = await staging(() => Promise.reject(later));
    expect(await failureOf(start(1).result)).toMatchObject({ isFinal: false, retryDelayMs: 45_000 });
  });

  test('a cancellation reaches the download', async () => {
    const { start, host, images } = await staging(
      (_, __, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    const run = start();
    await until('the download runs', () => images.prepare.mock.calls.length === 1);
    run.cancel();
    expect(await failureOf(run.result)).toMatchObject({ name: 'CancelledFailure' });
    expect(host.places.taken).toBe(0);
  });
});

describe('another host is asked', () => {
  test('when the vision server of this one does not answer', async () => {
    const { start, host, server, images } = await staging(async () => image);
    await server.down();
    await host.health.check();
    expect(await failureOf(start().result)).toMatchObject({
      ...{ code: 'NoHealthyHost', message: 'the vision server of host-7 does not answer', retryDelayMs: 500 },
    });
    expect(images.prepare).not.toHaveBeenCalled();
  });

  test('when the vision server went down while the image came', async () => {
    const { start, host, server } = await staging(async () => {
      await server.down();
      await host.health.check();
      return image;
    });
    expect(await failureOf(start().result)).toMatchObject({ code: 'NoHealthyHost' });
    expect(host.places.taken).toBe(0);
  });

  test('when this one is shutting down', async () => {
    const { start, host } = await staging(async () => image);
    const leaving = host.leave(0);
    expect(await failureOf(start().result)).toMatchObject({
      ...{ code: 'NoHealthyHost', message: 'the GPU worker host-7 is shutting down' },
    });
    await leaving;
  });
});
