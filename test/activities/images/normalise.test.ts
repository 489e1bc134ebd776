import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { findSentinel } from '../../stand-ins/goflow/broken-images.ts';
import { failureOf } from '../../support/activity.ts';
import { isNear, marked, noise, normalised, pixelAt, plain, white } from './pictures.ts';

const red = { r: 255, g: 0, b: 0 };
const refused = (content: Buffer | Sharp) => failureOf(normalised(content));

describe('a usable file', () => {
  test.each<[string, Sharp]>([
    ['jpeg', noise().jpeg()],
    ['jpeg', noise().jpeg({ progressive: true })],
    ['png', noise().png()],
    ['png', noise().png({ palette: true, effort: 1 })],
    ['webp', noise().webp()],
    ['webp', noise().webp({ lossless: true, effort: 0 })],
  ])('%s is known by its content', async (format, picture) => {
    const { bytes, metadata, ...sizes } = await normalised(picture);
    expect(metadata.format).toBe(format);
    expect(sizes).toEqual({ width: 1036, height: 784, originalWidth: 640, originalHeight: 480 });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1036, height: 784 });
  });

  test('gives the same bytes every time, so that a server knows the image again', async () => {
    const file = await noise().png().toBuffer();
    const [first, second] = await Promise.all([normalised(file), normalised(file)]);
    expect(first.bytes.equals(second.bytes)).toBe(true);
  });

  test('that moves is seen as its first picture', async () => {
    const frames = [await plain(640, 480, red).png().toBuffer(), await plain(640, 480, '#0000ff').png().toBuffer()];
    const moving = sharp(frames, { join: { animated: true } }).webp({ delay: [100, 100] });
    const { bytes, originalHeight } = await normalised(moving);
    expect(originalHeight).toBe(480);
    expect(isNear(await pixelAt(bytes, 0.5, 0.5), red)).toBe(true);
  });
});

describe('the EXIF orientation', () => {
  const places = { TL: [0.25, 0.25], TR: [0.75, 0.25], BR: [0.75, 0.75], BL: [0.25, 0.75] } as const;

  test.each<[number, keyof typeof places, 'upright' | 'turned']>([
    [1, 'TL', 'upright'],
    [2, 'TR', 'upright'],
    [3, 'BR', 'upright'],
    [4, 'BL', 'upright'],
    [5, 'TL', 'turned'],
    [6, 'TR', 'turned'],
    [7, 'BR', 'turned'],
    [8, 'BL', 'turned'],
  ])('%i brings the marked corner to %s, %s', async (orientation, corner, turn) => {
    const { bytes, metadata, ...sizes } = await normalised(marked(800, 600).withMetadata({ orientation }).jpeg());
    expect(sizes).toMatchObject(
      turn === 'upright'
        ? { originalWidth: 800, originalHeight: 600, width: 1036, height: 784 }
        : { originalWidth: 600, originalHeight: 800, width: 784, height: 1036 },
    );
    for (const [name, [x, y]] of Object.entries(places))
      expect(isNear(await pixelAt(bytes, x, y), name === corner ? red : white), name).toBe(true);
    expect(metadata.orientation).toBe(orientation);
    expect((await sharp(bytes).metadata()).orientation).toBeUndefined();
  });
});

describe('what the model sees', () => {
  test('has the colours of a picture with 16 bits and a profile', async () => {
    const deep = sharp(await marked(800, 600).png().toBuffer())
      .toColourspace('rgb16')
      .withIccProfile('srgb')
      .png();
    const file = await deep.toBuffer();
    expect(await sharp(file).metadata()).toMatchObject({ depth: 'ushort', icc: expect.anything() as object });
    const { bytes } = await normalised(sharp(file).keepIccProfile().toColourspace('rgb16').png());
    expect(isNear(await pixelAt(bytes, 0.25, 0.25), red)).toBe(true);
  });

  test('carries no metadata, which are kept beside it', async () => {
    const exif = { IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } };
    const picture = plain().withExif(exif).withIccProfile('p3').withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').jpeg();
    expect((await sharp(await picture.toBuffer()).metadata()).exif).toBeDefined();
    const { bytes, metadata } = await normalised(picture);
    const { exif: leftExif, icc, xmp, iptc } = await sharp(bytes).metadata();
    expect({ leftExif, icc, xmp, iptc }).toEqual({});
    expect(bytes.includes('somebody')).toBe(false);
    expect(metadata).toMatchObject({ format: 'jpeg', space: 'srgb', hasProfile: true, orientation: 1 });
    expect(metadata).toMatchObject({ channels: 3, depth: 'uchar', hasAlpha: false, profileName: 'sP3C' });
    expect(Buffer.from(metadata.exif ?? '', 'base64').toString('latin1')).toContain('somebody');
  });

  test.each<[string, Sharp]>([
    ['one channel', plain(640, 480, '#808080').toColourspace('b-w').jpeg()],
    ['one channel of 16 bits', plain(640, 480, '#808080').toColourspace('grey16').png()],
    ['grey and alpha', plain(640, 480, '#808080').toColourspace('b-w').ensureAlpha().png()],
  ])('has three equal channels when the file has %s', async (_, picture) => {
    const { bytes } = await normalised(picture);
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 3, space: 'srgb' });
    expect(isNear(await pixelAt(bytes, 0.5, 0.5), { r: 128, g: 128, b: 128 })).toBe(true);
  });

  test.each(['png', 'webp'] as const)('is white where a %s is transparent', async (format) => {
    const clear = sharp({ create: { width: 640, height: 480, channels: 4, background: { ...red, alpha: 0 } } });
    const { bytes } = await normalised(clear.toFormat(format));
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 3, hasAlpha: false });
    expect(isNear(await pixelAt(bytes, 0.5, 0.5), white)).toBe(true);
  });

  test('is pale where a picture is half transparent', async () => {
    const half = sharp({ create: { width: 640, height: 480, channels: 4, background: { ...red, alpha: 0.5 } } });
    expect(isNear(await pixelAt((await normalised(half.png())).bytes, 0.5, 0.5), { r: 255, g: 128, b: 128 })).toBe(
      true,
    );
  });

  test.each<[string, Sharp, number]>([
    ['Display P3', plain(640, 480, red).withIccProfile('p3').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), 12],
    ['CMYK', plain(640, 480, red).toColourspace('cmyk').jpeg({ quality: 100 }), 60],
  ])('has the colours of sRGB when the file has those of %s', async (_, picture, by) => {
    const { bytes } = await normalised(picture);
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 3, space: 'srgb' });
    expect(isNear(await pixelAt(bytes, 0.5, 0.5), red, by)).toBe(true);
  });
});

describe('the size', () => {
  test.each([
    [640, 480],
    [480, 640],
    [4096, 480],
    [480, 4096],
    [4096, 4096],
  ])('of %i x %i pixels is allowed', async (width, height) => {
    expect(await normalised(plain(width, height).jpeg())).toMatchObject({
      originalWidth: width,
      originalHeight: height,
    });
  });

  test.each([
    [639, 480, 'below 640 x 480'],
    [640, 479, 'below 640 x 480'],
    [479, 640, 'below 640 x 480'],
    [600, 600, 'below 640 x 480'],
    [1, 1, 'below 640 x 480'],
    [4097, 600, 'above 4096 x 4096'],
    [600, 4097, 'above 4096 x 4096'],
  ])('of %i x %i pixels is %s', async (width, height, words) => {
    const failure = await refused(plain(width, height).png());
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toContain(`${width} x ${height} pixels is ${words}`);
  });

  test('that only a header claims is not believed', async () => {
    const { body } = (await findSentinel('huge-1.png')?.answer('huge-1.png')) ?? {};
    const failure = await refused(body as Buffer);
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toMatch(/pixel limit|above 4096/);
  });
});

describe('a file that is cut off', () => {
  test.each<[string, Sharp]>([
    ['jpeg', noise().jpeg()],
    ['png', noise().png()],
    ['webp', noise().webp()],
  ])('is no image: %s', async (_, picture) => {
    const file = await picture.toBuffer();
    for (const share of [0.01, 0.5, 0.95]) {
      const failure = await refused(file.subarray(0, Math.max(64, Math.floor(file.length * share))));
      expect(failure, String(share)).toMatchObject({ name: 'Failure', code: 'ImageInvalid' });
    }
  });
});

describe('a file that is broken', () => {
  test('in a checksum of a PNG is refused', async () => {
    const file = await noise().png().toBuffer();
    const middle = Math.floor(file.length / 2);
    file.writeUInt8(file.readUInt8(middle) ^ 0xff, middle);
    const failure = await refused(file);
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toContain('the file is damaged or cut off, it does not decode: ');
    expect(failure.message).toContain('libpng read error');
  });

  test('behind its first bytes is refused', async () => {
    const failure = await refused(
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(500, 7), Buffer.from([0xff, 0xd9])]),
    );
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toContain('the header cannot be read');
  });
});

describe('a file of another kind', () => {
  test.each(['gif', 'tiff', 'avif'] as const)('is refused: %s', async (format) => {
    expect((await refused(plain().toFormat(format))).message).toContain('it is not a JPEG, PNG or WebP image');
  });

  test.each([
    ['<!DOCTYPE html><title>Log in</title>'],
    ['\n  <html><body>Not found'],
    ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"/>'],
    ['{"detail": "expired"}'],
  ])('is named when it is a text: %s', async (text) => {
    const failure = await refused(Buffer.from(text));
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toContain('it is a text or web page, not an image');
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['three bytes', Buffer.from('abc')],
    ['RIFF of another kind', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
    ['an SVG without a head', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"/>')],
  ])('is refused when it is %s', async (_, content) => {
    expect((await refused(content)).message).toContain('it is not a JPEG, PNG or WebP image');
  });
});
