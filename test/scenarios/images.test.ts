import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectCompleted } from '../support/expectations.ts';
import { openSite } from '../support/site.ts';

test('an image that is missing, truncated, too small, html or forbidden fails its own combinations only', async () => {
  const site = await openSite();
  const broken = [
    ['missing-a.jpg', 'ImageMissing'],
    ['truncated-b.jpg', 'ImageInvalid'],
    ['small-c.jpg', 'ImageInvalid'],
    ['html-d.jpg', 'ImageInvalid'],
    ['forbidden-e.jpg', 'ImageMissing'],
    ['huge-f.png', 'ImageInvalid'],
  ];
  const path = (index: number) => `/media/${broken[index]?.[0] ?? `generated/${index}-800x600.jpg`}`;
  const job = site.enqueue({ images: 8, analyses: 2, mediaPath: path, greyscalePath: path });
  const held = await site.untilPhase(job, 'holding', 60_000);
  expect(held.totals).toMatchObject({ done: 4, failed: 12 });
  for (const [index, [, code]] of broken.entries()) {
    const failures = held.failures.filter(({ mediaId }) => mediaId === job.media[index]?.id);
    expect(failures.map((failure) => failure.code)).toEqual([code, code]);
    expect(failures[0]?.message.length).toBeGreaterThan(10);
  }
  await site.close();
});

test('when the optimised image cannot be used, the greyscale one is, and colour analyses do not apply', async () => {
  const site = await openSite();
  const job = site.enqueue({
    images: 1,
    analyses: 2,
    slugs: ['colour-palette', 'object-detection'],
    mediaPath: () => '/media/missing.jpg',
    greyscalePath: () => '/media/generated/grey-800x600-grey.jpg',
  });
  await site.finished(job);
  expectCompleted(site, job);
  const results = site.goflow.calls().filter(({ endpoint }) => endpoint === 'E3');
  const bodyOf = (index: number) =>
    results.find(({ analysisId }) => analysisId === job.analyses[index]?.id)?.requestBody as {
      analysisResult: object;
      userPromptUsed: string;
    };
  expect(bodyOf(0).analysisResult).toMatchObject({ not_applicable: true });
  expect(bodyOf(1).analysisResult).toHaveProperty('objects_detected');
  expect(bodyOf(1).userPromptUsed).toContain('The image is greyscale: do not report colours');
  const asked = site.hosts[0]?.vision.calls().map(({ messages }) => messages.at(-1)?.text);
  expect(asked).toEqual([bodyOf(1).userPromptUsed]);
  await site.close();
});

test('where the optimised image is of no use, the project completes on the greyscale one, and its report says so', async () => {
  const site = await openSite();
  const useless = ['truncated-b.jpg', 'html-d.jpg', 'small-c.jpg', 'forbidden-e.jpg'];
  const jobs = useless.map((name, job) =>
    site.enqueue({
      images: 2,
      analyses: 3,
      slugs: ['colour-palette', 'object-detection', 'colour-palette'],
      mediaPath: (index) => `/media/${index === 0 ? name : `generated/colour-${job}-800x600.jpg`}`,
      greyscalePath: (index) => `/media/generated/grey-${job}-${index}-800x600-grey.jpg`,
    }),
  );
  for (const [index, job] of jobs.entries()) {
    const result = await site.finished(job);
    expect(result, useless[index]).toMatchObject({ combinations: 6, done: 6, failed: 0, report: 'accepted' });
    expectCompleted(site, job);
  }
  // one model call for each grey image, three for the other ones
  expect(site.hosts[0]?.vision.calls()).toHaveLength(4 * jobs.length);
  const reports = site.goflow.calls().filter(({ endpoint }) => endpoint === 'E4');
  expect(reports).toHaveLength(jobs.length);
  for (const { requestBody } of reports) {
    expect(JSON.stringify(requestBody)).toContain('2 colour analyses not applicable: greyscale images');
    expect(JSON.stringify(requestBody)).toContain('degraded: doubtful, or made from a greyscale image');
  }
  expect(Object.values(site.goflow.downloads())).toEqual(expect.not.arrayContaining([2]));
  await site.close();
});

test('images that two projects and all their analyses share are downloaded once per host', async () => {
  const site = await openSite({ hosts: [{ slots: 2 }, { slots: 2 }] });
  const mediaPath = (index: number) => `/media/generated/shared-${index}-800x600.jpg`;
  const options = { images: 4, analyses: 5, mediaPath, greyscalePath: mediaPath };
  const jobs = [site.enqueue(options), site.enqueue(options)];
  for (const job of jobs) await site.finished(job);
  for (const job of jobs) expectCompleted(site, job);
  const hostsOf = (sha256: string) =>
    site.hosts.filter(({ vision }) => vision.calls().some((call) => call.imageSha256 === sha256)).length;
  const images = new Set(
    site.hosts.flatMap(({ vision }) => vision.calls().map(({ imageSha256 }) => imageSha256 ?? '')),
  );
  const pairs = [...images].reduce((sum, sha256) => sum + hostsOf(sha256), 0);
  const downloads = Object.values(site.goflow.downloads());
  expect(images.size).toBe(4);
  expect(downloads.reduce((sum, count) => sum + count, 0)).toBe(pairs);
  await site.close();
});

test('a disk that takes no images costs the cache and not the project', async () => {
  const site = await openSite({ start: false });
  const { GF25_STATE_DIR: folder = '' } = site.environment();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'images'), 'a file is in the way');
  await site.startRole('all');
  const job = site.enqueue({ images: 4, analyses: 3 });
  await site.finished(job);
  expectCompleted(site, job);
  expect(Object.values(site.goflow.downloads()).every((count) => count === 1)).toBe(true);
  expect(site.log().match(/the image cache cannot be written: working without it/g)).toHaveLength(1);
  await site.close();
});

test('a failed download is tried again, a damaged connection does not fail the image', async () => {
  const site = await openSite();
  site.goflow.faults.add({ endpoint: 'media', action: { kind: 'reset', phase: 'mid-body' } });
  site.goflow.faults.add({ endpoint: 'media', action: { kind: 'answer', status: 503 } });
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('boxes are pixels of the original, also when EXIF turns the image', async () => {
  const site = await openSite();
  const path = () => '/media/generated/turned-1600x1200-exif6.jpg';
  const job = site.enqueue({
    images: 1,
    analyses: 1,
    slugs: ['object-detection'],
    mediaPath: path,
    greyscalePath: path,
  });
  await site.finished(job);
  const [call] = site.hosts[0]?.vision.calls() ?? [];
  expect(call?.prompt).toMatch(/which has 1[0-9]{3} x 1[0-9]{3} pixels/);
  const result = site.goflow.calls().find(({ endpoint }) => endpoint === 'E3')?.requestBody as {
    analysisResult: { objects_detected: { name: string; confidence: number; bounding_box: Record<string, number> }[] };
  };
  const { objects_detected: objects } = result.analysisResult;
  expect(objects.length).toBeGreaterThan(0);
  for (const { confidence, bounding_box: box } of objects) {
    expect(confidence).toBeLessThanOrEqual(1);
    // turned: 1200 wide, 1600 high
    expect((box['x'] ?? NaN) + (box['width'] ?? NaN)).toBeLessThanOrEqual(1200);
    expect((box['y'] ?? NaN) + (box['height'] ?? NaN)).toBeLessThanOrEqual(1600);
  }
  await site.close();
});
