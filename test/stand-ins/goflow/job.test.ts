import { expect, it } from 'vitest';
import { buildJob } from './job.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const idsOf = (job: ReturnType<typeof buildJob>): string[] =>
  [job.client, job.project, ...job.media, ...job.analyses].map(({ id }) => id);

it('builds the same job from the same seed, with UUIDs of version 4', () => {
  const job = buildJob({ images: 200, analyses: 25, seed: 'a' });
  expect(job).toEqual(buildJob({ images: 200, analyses: 25, seed: 'a' }));
  expect(new Set(idsOf(job)).size).toBe(227);
  for (const id of idsOf(job)) expect(id).toMatch(UUID_V4);
});

it('shares no id between two seeds, not even 1 and 11', () => {
  const ids = [1, 11, 111].flatMap((seed) => idsOf(buildJob({ images: 111, analyses: 12, seed })));
  expect(new Set(ids).size).toBe(ids.length);
});

it('takes paths and slugs from its caller', () => {
  const job = buildJob({
    images: 2,
    analyses: 2,
    mediaPath: (index) => `/media/small-${index}.jpg`,
    greyscalePath: () => '',
    slugs: ['rooms'],
    clientSlug: 'acme',
    projectSlug: 'house',
  });
  expect(job.media.map((media) => [media.optimised_path, media.greyscale_path])).toEqual([
    ['/media/small-0.jpg', ''],
    ['/media/small-1.jpg', ''],
  ]);
  expect(job.analyses.map(({ slug }) => slug)).toEqual(['rooms', 'analysis-0002']);
  expect([job.client.slug, job.project.slug]).toEqual(['acme', 'house']);
});
