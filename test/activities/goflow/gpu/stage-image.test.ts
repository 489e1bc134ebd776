import { describe, expect, test, vi } from 'vitest';
import { analysesAtHand, stageImage } from '../../../../activities/goflow/gpu/stage-image.ts';
import { stagedImageOf } from '../../../../activities/goflow/gpu/places.ts';
import type { Images } from '../../../../activities/images/images.ts';
import { Failure } from '../../../../activities/shared/failure.ts';
import type { StageImageInput } from '../../../../workflows/goflow/contracts/activities.ts';
import { failureOf, recordingAttempts, startActivity } from '../../../support/activity.ts';
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
const downloads = { quickAttempts: 4, slowMs: 60_000, giveUpMs: 3_600_000 };
const key = `${plan.project.id}/${media.id}`;

async function staging(prepare: Images['prepare']) {
  const gpu = await gpuHost({ name: 'host-7' });
  const images = { prepare: vi.fn(prepare), recall: async () => undefined };
  const attempts = recordingAttempts();
  const { recordAttempt } = attempts;
  const start = (attempt = 1, heartbeatDetails?: unknown) =>
    startActivity(() => stageImage({ host: gpu.host, images, recordAttempt, downloads }, input), {
      ...{ attempt, heartbeatDetails },
    });
  return { ...gpu, images, attempts, start };
}

describe('an image that can be used', () => {
  test('takes a place, and the workflow learns where and as what', async () => {
    const { start, host, images } = await staging(async () => image);
    expect(await start().result).toEqual({ host: 'host-7', image: stagedImageOf(image), atHand: 12 });
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

test.each([
  [undefined, 12],
  [50, 12],
  [250, 9],
  [1_000, 3],
  [20_000, 3],
])('where a lane is usually taken for %s ms, %i analyses of an image are at hand', (usualTurnMs, atHand) => {
  expect(analysesAtHand(usualTurnMs)).toBe(atHand);
});

describe('an image that cannot be used takes no place', () => {
  test.each(['ImageMissing', 'ImageInvalid', 'ImageAddressRefused'] as const)('%s', async (code) => {
    const { start, host } = await staging(() => Promise.reject(new Failure(code, 'why')));
    expect(await failureOf(start().result)).toMatchObject({ code, message: 'why' });
    expect(host.places.taken).toBe(0);
  });

  test.each([
    [undefined, false, 1_000],
    [{ failed: 1, agoMs: 2_000 }, false, 2_000],
    [{ failed: 2, agoMs: 5_000 }, false, 4_000],
    [{ failed: 3, agoMs: 9_000 }, false, 60_000],
    [{ failed: 50, agoMs: 3_500_000 }, false, 60_000],
    [{ failed: 60, agoMs: 3_600_000 }, true, 60_000],
  ])(
    'an image host that is down, before it %j: final is %s, the next one in %i ms or some less',
    async (before, isFinal, longestMs) => {
      const { start, host, attempts } = await staging(() =>
        Promise.reject(new Failure('ImageUnreachable', 'no answer')),
      );
      const sinceMs = Date.now() - (before?.agoMs ?? 0);
      // attempts that found no healthy host do not count
      const failure = await failureOf<Failure>(start(77, before && { failed: before.failed, sinceMs }).result);
      expect(failure).toMatchObject({ code: 'ImageUnreachable', message: 'no answer', isFinal });
      expect(failure.retryDelayMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(failure.retryDelayMs).toBeLessThanOrEqual(longestMs);
      expect(attempts.records).toMatchObject([{ failed: (before?.failed ?? 0) + 1 }]);
      expect((attempts.records[0] as { sinceMs: number }).sinceMs - sinceMs).toBeLessThan(60_000);
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
      ...{
        code: 'NoHealthyHost',
        message: expect.stringMatching(/^host-7: the vision server does not answer/) as string,
        retryDelayMs: 500,
      },
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
