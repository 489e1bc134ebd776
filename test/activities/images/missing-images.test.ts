import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMissingImages } from '../../../activities/images/missing-images.ts';
import { Failure } from '../../../activities/shared/failure.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer } from '../../support/raw-server.ts';
import { never } from './downloads.ts';
import { imagesFrom, media } from './image-hosts.ts';

afterEach(() => vi.useRealTimers());

const notThere = (socket: Socket) => void socket.write(httpAnswer(404));
const ofOther = { ...media, id: '6f1c3a52-0d6a-4d0e-9a53-222222222222' };

describe('an image that its host does not have', () => {
  test('is not asked for again by other projects for a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { images, paths } = await imagesFrom(notThere);
    await failureOf(images.prepare(media, 'optimised', never));
    expect(paths()).toHaveLength(2);
    vi.setSystemTime(Date.now() + 59_000);
    const failure = await failureOf(images.prepare(ofOther, 'optimised', never));
    expect(failure).toMatchObject({ code: 'ImageMissing', message: 'the image host answered 404 59 s ago' });
    expect(paths()).toHaveLength(2);
    vi.setSystemTime(Date.now() + 2_000);
    await failureOf(images.prepare(ofOther, 'optimised', never));
    expect(paths()).toHaveLength(4);
  });

  test('is asked for at once when the same image is tried again: somebody may have mended it', async () => {
    const { images, paths } = await imagesFrom(notThere);
    await failureOf(images.prepare(media, 'optimised', never));
    await failureOf(images.prepare(media, 'optimised', never));
    expect(paths()).toHaveLength(4);
  });

  test('is asked for once where both variants have one address', async () => {
    const { images, paths } = await imagesFrom(notThere);
    const same = { ...media, greyscale_path: media.optimised_path };
    expect(await failureOf(images.prepare(same, 'optimised', never))).toMatchObject({ code: 'ImageMissing' });
    expect(paths()).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  const asker = () => ({ mediaId: 'm' });
  const other = { mediaId: 'n' };
  const missing = async () => {
    throw new Failure('ImageMissing', 'not there');
  };

  test.each(['ImageUnreachable', 'ImageInvalid', 'ImageAddressRefused'] as const)('is not %s', async (code) => {
    const images = createMissingImages();
    await failureOf(images.remember('a', asker(), async () => Promise.reject(new Failure(code, 'no'))));
    expect(await images.remember('a', other, async () => 'found')).toBe('found');
  });

  test('is forgotten once it was found', async () => {
    const images = createMissingImages();
    await failureOf(images.remember('a', asker(), missing));
    expect(await images.remember('a', asker(), async () => 'found')).toBe('found');
    expect(await images.remember('a', other, async () => 'found')).toBe('found');
  });

  test('is bounded', async () => {
    const images = createMissingImages();
    for (let index = 0; index <= 1_000; index += 1) await failureOf(images.remember(`k${index}`, asker(), missing));
    expect(await images.remember('k0', other, async () => 'asked')).toBe('asked');
    expect(await failureOf(images.remember('k1', other, async () => 'asked'))).toMatchObject({ code: 'ImageMissing' });
  });
});
