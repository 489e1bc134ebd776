import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../../activities/images/normalise.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer } from '../../support/raw-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { never } from './downloads.ts';
import { grey, imagesFrom, media, send } from './image-hosts.ts';
import { canon, noise, normalised, plain } from './pictures.ts';

const whole = await noise(800, 600).jpeg().toBuffer();
const withoutFault = (await normalise(whole, canon)).bytes;

const png = await noise().png().toBuffer();

/** The first place of a marker. */
const placeOf = (file: Buffer, marker: number) => file.indexOf(Buffer.from([0xff, marker]));

/** Bytes of nothing before the tables, as some cameras leave them. */
function padded(file: Buffer, marker: number): Buffer {
  const at = placeOf(file, marker);
  return Buffer.concat([file.subarray(0, at), Buffer.alloc(7, 0x33), file.subarray(at)]);
}

/** A scan that says that it holds one coefficient and holds all of them, as some telephones write it. */
function oddScan(file: Buffer): Buffer {
  const odd = Buffer.from(file);
  const at = placeOf(odd, 0xda);
  odd.writeUInt8(0, at + 5 + 2 * odd.readUInt8(at + 4) + 1);
  return odd;
}

function withSegment(file: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, data, file.subarray(2)]);
}

const damagedScan = padded(await noise().jpeg({ progressive: true }).toBuffer(), 0xc4);

describe('a file that is odd but whole', () => {
  test.each([
    ['padding before its size', padded(whole, 0xc0), /7 extraneous bytes before marker 0xc0/],
    ['a scan with odd parameters', oddScan(whole), /Invalid SOS parameters/],
  ])('is used, and the fault kept beside it: %s', async (_, file, words) => {
    const { bytes, metadata } = await normalised(file);
    expect(bytes.equals(withoutFault)).toBe(true);
    expect(metadata.tolerated).toMatch(words);
  });

  test.each([
    [
      'a colour profile that is none',
      withSegment(whole, 0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), Buffer.alloc(500, 9)])),
    ],
    ['EXIF that is none', withSegment(whole, 0xe1, Buffer.concat([Buffer.from('Exif\0\0'), Buffer.alloc(300, 0xfe)]))],
    ['bytes behind its end', Buffer.concat([whole, Buffer.alloc(5_000, 1)])],
  ])('is used as if it had not: %s', async (_, file) => {
    const { bytes, metadata } = await normalised(file);
    expect(bytes.equals(withoutFault)).toBe(true);
    expect(metadata.tolerated).toBeUndefined();
  });
});

describe('a file that is not whole', () => {
  test.each([
    ['a JPEG without its end', whole.subarray(0, -2), 'it has no end mark'],
    ['a PNG without its end', png.subarray(0, -12), 'it has no end mark'],
    ['a JPEG with padding between its scans', damagedScan, 'extraneous bytes before marker 0xc4'],
  ])('is refused: %s', async (_, file, words) => {
    const failure = await failureOf(normalised(file));
    expect(failure).toMatchObject({ code: 'ImageInvalid' });
    expect(failure.message).toContain(words);
  });

  test('gives way to the greyscale one', async () => {
    const { images, paths } = await imagesFrom((socket, path) =>
      send(socket, path.includes('greyscale') ? grey : whole.subarray(0, -2)),
    );
    expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'greyscale' });
    expect(paths()).toHaveLength(2);
  });

  test('does so when it came compressed, and not when its host is down', async () => {
    const answers = (status: number, headers: Record<string, string>) =>
      imagesFrom((socket, path) =>
        path.includes('greyscale') ? send(socket, grey) : socket.write(httpAnswer(status, 'x', headers)),
      );
    const { images } = await answers(200, { 'content-encoding': 'gzip' });
    expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'greyscale' });
    const down = await answers(502, {});
    expect(await failureOf(down.images.prepare(media, 'optimised', never))).toMatchObject({ code: 'ImageUnreachable' });
  });
});

describe('what is kept beside the image', () => {
  const nameOf = async (picture: Sharp) => (await normalised(await picture.toBuffer())).metadata.profileName;

  test('names the colour profile as it names itself', async () => {
    expect(await nameOf(plain().withIccProfile('p3').jpeg())).toBe('sP3C');
    expect(await nameOf(plain().withIccProfile('srgb').png())).toMatch(/sRGB/);
    expect(await nameOf(plain().jpeg())).toBeUndefined();
  });

  test('has the whole EXIF block, and no more of it than may be', async () => {
    const exif = { IFD0: { Make: 'Camera & Sons', ImageDescription: 'a'.repeat(100) } };
    const { metadata } = await normalised(await plain().withExif(exif).jpeg().toBuffer());
    expect(Buffer.from(metadata.exif ?? '', 'base64').toString('latin1')).toContain('Camera & Sons');
    const long = { IFD0: { ImageDescription: 'b'.repeat(64_000) } };
    expect((await normalised(await plain().withExif(long).png().toBuffer())).metadata.exif?.length ?? 0).toBeLessThan(
      88_000,
    );
  });
});

describe('the end mark', () => {
  const inFile = async (content: Buffer) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, content);
    return normalise(file, canon);
  };

  test.each([
    ['jpeg', whole],
    ['png', png],
  ])('of a %s is found before whatever a camera appended', async (_, file) => {
    // the second one puts the border of two blocks into the mark
    for (const behind of [3_000_000, 1_048_576 - 1, 1_048_576 - 8])
      expect((await inFile(Buffer.concat([file, Buffer.alloc(behind, 1)]))).originalWidth).toBeGreaterThan(0);
  });

  test.each([
    ['jpeg', whole.subarray(0, -1)],
    ['png', png.subarray(0, -9)],
  ])('of a %s must be there', async (_, file) => {
    expect((await failureOf(inFile(file))).message).toContain('it is cut off: it has no end mark');
  });
});
