import { crc32, deflateSync } from 'node:zlib';
import type { FaultAction } from '../shared/faults.ts';
import { jsonAnswer, type Answer } from '../shared/http.ts';
import { drawImage } from './generated-image.ts';

/** A name that steers how an image is served. */
interface Sentinel {
  readonly name: RegExp;
  readonly answer: (name: string) => Answer | Promise<Answer>;
  readonly action?: FaultAction;
}

/** About nine seconds for the image behind it. */
const SLOW_BYTES_PER_SECOND = 10_000;
const TRUNCATED_SHARE = 0.6;
const HUGE_PIXELS = 20_000;

const SENTINELS: readonly Sentinel[] = [
  { name: /^missing-/, answer: () => jsonAnswer(404, { detail: 'Not Found' }) },
  { name: /^forbidden-/, answer: () => jsonAnswer(403, { detail: 'Forbidden' }) },
  { name: /^html-/, answer: () => imageAnswer(Buffer.from('<!doctype html><title>Log in</title>'), 'image/jpeg') },
  { name: /^truncated-.*\.jpe?g$/, answer: async (name) => truncated(await jpeg(name, 800, 600)) },
  { name: /^small-/, answer: (name) => jpeg(name, 320, 240) },
  { name: /^huge-.*\.png$/, answer: () => imageAnswer(hugePng(), 'image/png') },
  {
    name: /^slow-/,
    answer: (name) => jpeg(name, 800, 600),
    action: { kind: 'drip', bytesPerSecond: SLOW_BYTES_PER_SECOND },
  },
  { name: /^reset-/, answer: (name) => jpeg(name, 800, 600), action: { kind: 'reset', phase: 'mid-body' } },
];

export function findSentinel(name: string): Sentinel | undefined {
  return SENTINELS.find((sentinel) => sentinel.name.test(name));
}

export function imageAnswer(body: Buffer, mime: string): Answer {
  return { status: 200, headers: { 'content-type': mime }, body };
}

async function jpeg(seed: string, width: number, height: number): Promise<Answer> {
  return imageAnswer(await drawImage({ seed, width, height, format: 'jpeg' }), 'image/jpeg');
}

function truncated(answer: Answer): Answer {
  return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length * TRUNCATED_SHARE)) };
}

/** A few bytes whose header promises 400 megapixels. */
function hugePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(HUGE_PIXELS, 0);
  header.writeUInt32BE(HUGE_PIXELS, 4);
  header.set([8, 2], 8); // 8 bits per channel, RGB
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(HUGE_PIXELS))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
