import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { restrictDecoders } from '../../../activities/images/decoders.ts';
import { failureOf } from '../../support/activity.ts';
import { noise, normalised, plain } from './pictures.ts';

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"/>');
const files = {
  jpeg: await noise().jpeg().toBuffer(),
  png: await noise().png().toBuffer(),
  webp: await noise().webp().toBuffer(),
};
const others = {
  gif: await plain().gif().toBuffer(),
  tiff: await plain().tiff().toBuffer(),
  avif: await plain().avif().toBuffer(),
  svg,
};

// for the whole process, as in a worker: what other files of tests decode is no business of this one
restrictDecoders();

describe('after the start of a worker', () => {
  test.each(Object.entries(files))('%s is decoded', async (format, content) => {
    expect((await normalised(content)).metadata.format).toBe(format);
  });

  test.each(Object.entries(others))('%s is not, whoever asks', async (_, content) => {
    expect((await failureOf(sharp(content).metadata())).message).toMatch(/unsupported image format|blocked/);
  });

  test('what needs no decoder still works', async () => {
    expect(await plain().resize(10, 10).raw().toBuffer()).toHaveLength(300);
  });
});
