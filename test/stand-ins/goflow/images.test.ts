import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGoflowStandIn, type GoflowStandIn } from './stand-in.ts';

let standIn: GoflowStandIn;
beforeEach(async () => {
  standIn = await startGoflowStandIn();
});
afterEach(() => standIn.close());

async function download(path: string): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const response = await fetch(standIn.url + path);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), bytes };
}

describe('registered images', () => {
  it('are served under any path with their type, and their downloads are counted', async () => {
    standIn.addImage('/files/a.webp', Buffer.from('a'));
    standIn.addImage('/media/missing-really.jpg', Buffer.from('b'), 'image/png');
    expect(await download('/files/a.webp')).toEqual({ status: 200, type: 'image/webp', bytes: Buffer.from('a') });
    expect(await download('/media/missing-really.jpg')).toMatchObject({ status: 200, type: 'image/png' });
    await download('/files/a.webp');
    await download('/media/nowhere.jpg');
    expect(standIn.downloads()).toEqual({ '/files/a.webp': 2, '/media/missing-really.jpg': 1 });
  });

  it('come from a folder too, and from nowhere outside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stand-in-images-'));
    await writeFile(join(folder, 'my photo.jpg'), 'photo');
    standIn.addImageDirectory('/media/files', folder);
    expect(await download('/media/files/my%20photo.jpg')).toMatchObject({ status: 200, type: 'image/jpeg' });
    expect((await download('/media/files/other.jpg')).status).toBe(404);
    expect((await download('/media/files/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    await rm(folder, { recursive: true });
  });
});

describe('generated images', () => {
  it.each([
    ['7-800x600.jpg', 'jpeg', 'image/jpeg'],
    ['7-640x480.png', 'png', 'image/png'],
    ['7-1000x700.webp', 'webp', 'image/webp'],
  ])('%s is a valid picture of that size and kind', async (name, format, type) => {
    const image = await download(`/media/generated/${name}`);
    expect(image.type).toBe(type);
    const [, width, height] = /(\d+)x(\d+)/.exec(name) ?? [];
    expect(await sharp(image.bytes).metadata()).toMatchObject({ format, width: Number(width), height: Number(height) });
    await expect(sharp(image.bytes).stats()).resolves.toBeDefined();
  });

  it('are the same bytes for the same seed, on every stand-in, and others for another seed', async () => {
    const first = await download('/media/generated/a-320x240.jpg');
    await standIn.close();
    standIn = await startGoflowStandIn();
    const again = await download('/media/generated/a-320x240.jpg');
    expect(again.bytes.equals(first.bytes)).toBe(true);
    expect((await download('/media/generated/b-320x240.jpg')).bytes.equals(first.bytes)).toBe(false);
  });

  it('carry EXIF orientation 6 with -exif6 in the name, and no colour with -grey', async () => {
    const turned = await download('/media/generated/7-800x600-exif6.jpg');
    expect(await sharp(turned.bytes).metadata()).toMatchObject({ orientation: 6, width: 800, height: 600 });
    const grey = await sharp((await download('/media/generated/7-800x600-grey.jpg')).bytes).stats();
    expect(grey.channels).toHaveLength(1);
  });
});

describe('sentinel names', () => {
  it.each([
    ['missing-1.jpg', 404],
    ['forbidden-1.jpg', 403],
  ])('%s is refused with %i', async (name, status) => {
    expect((await download(`/media/deep/down/${name}`)).status).toBe(status);
  });

  it('html- is a page that calls itself a JPEG', async () => {
    const { status, type, bytes } = await download('/media/html-1.jpg');
    expect([status, type, bytes.toString().startsWith('<!doctype html>')]).toEqual([200, 'image/jpeg', true]);
  });

  it('truncated- is a JPEG with a good header that does not decode whole', async () => {
    const { bytes } = await download('/media/truncated-1.jpg');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 800, height: 600 });
    await expect(sharp(bytes, { failOn: 'warning' }).stats()).rejects.toThrow();
  });

  it('small- is a valid image below the least size', async () => {
    expect(await sharp((await download('/media/small-1.jpg')).bytes).metadata()).toMatchObject({
      width: 320,
      height: 240,
    });
  });

  it('huge- promises 400 megapixels in a few bytes', async () => {
    const { bytes } = await download('/media/huge-1.png');
    expect(bytes.length).toBeLessThan(1000);
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
    expect(metadata).toMatchObject({ format: 'png', width: 20_000, height: 20_000 });
  });

  it('reset- breaks off in the middle', async () => {
    await expect(download('/media/reset-1.jpg')).rejects.toThrow();
    expect(standIn.downloads()).toEqual({});
  });

  it('slow- drips, and ends when the client leaves', async () => {
    const client = new AbortController();
    const response = await fetch(`${standIn.url}/media/slow-1.jpg`, { signal: client.signal });
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(20_000);
    await expect(Promise.race([response.arrayBuffer(), pause(300)])).resolves.toBeUndefined();
    client.abort();
    await standIn.waitFor(() => standIn.calls()[0]?.durationMs, { timeoutMs: 1000 });
  });
});
