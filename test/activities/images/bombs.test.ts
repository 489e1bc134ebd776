import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { restrictDecoders } from '../../../activities/images/decoders.ts';
import { normalise } from '../../../activities/images/normalise.ts';
import { Failure } from '../../../activities/shared/failure.ts';
import { canon, noise, plain } from './pictures.ts';

restrictDecoders();

/** Generous: the decoder's own limit is 20 s, and the machine may be shared. What it takes on an idle one: under 2 s. */
const limitMs = 15_000;
/** For the largest image that is allowed, with what libraries keep. */
const maxGrowthMb = 500;

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}

interface Png {
  readonly width: number;
  readonly height: number;
  readonly bits?: number;
  readonly colour?: number;
  readonly before?: readonly Buffer[];
  readonly pixelBytes: number;
}

/** A PNG whose pixels are all zero: a thousandth of their size. */
function png({ width, height, bits = 8, colour = 2, before = [], pixelBytes }: Png): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([bits, colour], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = chunk('IDAT', deflateSync(Buffer.alloc(pixelBytes)));
  return Buffer.concat([signature, chunk('IHDR', head), ...before, data, chunk('IEND', Buffer.alloc(0))]);
}

const small = { width: 800, height: 600, pixelBytes: 600 * 2_401 };
const packed = (sizeBytes: number) => deflateSync(Buffer.alloc(sizeBytes));
const text = (name: string, sizeBytes: number) =>
  chunk(name === 'iCCP' ? 'iCCP' : 'zTXt', Buffer.concat([Buffer.from('x\0\0'), packed(sizeBytes)]));

/** A JPEG with one piece of it again and again. */
async function jpegWith(piece: Buffer, times: number): Promise<Buffer> {
  const file = await plain(4096, 4096).jpeg({ progressive: true }).toBuffer();
  const pieces = Array.from({ length: times }, () => piece);
  return Buffer.concat([file.subarray(0, -2), ...pieces, file.subarray(-2)]);
}

async function jpegClaiming(side: number): Promise<Buffer> {
  const file = await noise().jpeg().toBuffer();
  const head = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(side, head + 5);
  file.writeUInt16BE(side, head + 7);
  return file;
}

async function webpOfFrames(frames: number): Promise<Buffer> {
  const two = await Promise.all(
    [plain(800, 600, '#ff0000'), plain(800, 600, '#0000ff')].map((p) => p.png().toBuffer()),
  );
  const file = await sharp(two, { join: { animated: true } })
    .webp({ effort: 0 })
    .toBuffer();
  const start = file.indexOf('ANMF');
  const frame = file.subarray(start, start + 8 + file.readUInt32LE(start + 4));
  const many = Buffer.concat([file.subarray(0, start), ...Array.from({ length: frames }, () => frame)]);
  many.writeUInt32LE(many.length - 8, 4);
  return many;
}

/** An empty scan of a progressive JPEG. */
const emptyScan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 63, 63, 0, 0]);

const bombs: readonly [string, () => Buffer | Promise<Buffer>, RegExp][] = [
  ['a PNG of 400 megapixels', () => png({ width: 20_000, height: 20_000, pixelBytes: 20_000 }), /pixel limit/],
  ['a PNG of 2^31 pixels on a side', () => png({ width: 2 ** 31 - 1, height: 1, pixelBytes: 1_000 }), /header|pixel/],
  ['a PNG of 49 megapixels', () => png({ width: 7_000, height: 7_000, pixelBytes: 7_000 }), /above 4096 x 4096/],
  ['a PNG with far more data than pixels', () => png({ ...small, pixelBytes: 200_000_000 }), /^used$/],
  ['a PNG with a text of 200 MB', () => png({ ...small, before: [text('zTXt', 200_000_000)] }), /^used$/],
  ['a PNG with a profile of 200 MB', () => png({ ...small, before: [text('iCCP', 200_000_000)] }), /^used$/],
  [
    'a PNG with a hundred texts of 8 MB',
    () => png({ ...small, before: Array.from({ length: 100 }, () => text('zTXt', 8_000_000)) }),
    /used|decode|header/,
  ],
  [
    'the largest PNG of 16 bits with alpha that is allowed',
    () => png({ width: 4096, height: 4096, bits: 16, colour: 6, pixelBytes: 4096 * (4096 * 8 + 1) }),
    /^used$/,
  ],
  ['a JPEG that claims 4 gigapixels', () => jpegClaiming(65_500), /pixel limit/],
  ['a JPEG that claims 16 megapixels', () => jpegClaiming(4_096), /premature end/],
  ['a JPEG with a hundred thousand scans', () => jpegWith(emptyScan, 100_000), /used|does not decode/],
  ['a WebP with two thousand frames', () => webpOfFrames(2_000), /^used$/],
];

test.each(bombs)('%s is used or refused soon, in little memory', async (_, bomb, words) => {
  const file = await bomb();
  const [startMb, startedAt] = [process.resourceUsage().maxRSS / 1e3, performance.now()];
  const outcome = await normalise(file, canon).then(
    () => 'used',
    (error: unknown) => (error instanceof Failure && error.code === 'ImageInvalid' ? error.message : String(error)),
  );
  expect(outcome).toMatch(words);
  expect(performance.now() - startedAt).toBeLessThan(limitMs);
  expect(process.resourceUsage().maxRSS / 1e3 - startMb).toBeLessThan(maxGrowthMb);
});
