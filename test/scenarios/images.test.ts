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
    results.find(({ analysisId }) => analysisId === job.analyses[index]?.id)?.requestBody as { analysisResult: object };
  expect(bodyOf(0).analysisResult).toMatchObject({ not_applicable: true });
  expect(bodyOf(1).analysisResult).toHaveProperty('objects_detected');
  expect(site.hosts[0]?.vision.calls()).toHaveLength(1);
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
  expect(call?.prompt).toMatch(/The image is 1[0-9]{3} x 1[0-9]{3} pixels/);
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
