import { describe, expect, test } from 'vitest';
import { parseJob } from '../../../../workflows/goflow/contracts/job.ts';
import { buildJob, type Job } from '../../../stand-ins/goflow/job.ts';

type Path = readonly (string | number)[];

/** A valid job with one value replaced; undefined takes the field out. */
function jobWith(path: Path, value: unknown): unknown {
  const job: unknown = JSON.parse(JSON.stringify(buildJob({ images: 2, analyses: 2 })));
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((node, key) => (node as Record<string | number, unknown>)[key], job);
  (parent as Record<string | number, unknown>)[last] = value;
  return JSON.parse(JSON.stringify(job));
}

const faultsOf = (body: unknown): string[] => {
  const parsed = parseJob(body);
  return 'faults' in parsed ? parsed.faults : [];
};

const required: readonly Path[] = [
  ['client'],
  ['client', 'id'],
  ['client', 'slug'],
  ['client', 'name'],
  ['project'],
  ['project', 'id'],
  ['project', 'slug'],
  ['project', 'name'],
  ['media'],
  ['media', 1, 'id'],
  ['media', 1, 'filename'],
  ['media', 1, 'optimised_path'],
  ['media', 1, 'greyscale_path'],
  ['analyses'],
  ['analyses', 0, 'id'],
  ['analyses', 0, 'name'],
  ['analyses', 0, 'slug'],
];

describe('a job', () => {
  test('is read as it was handed out', () => {
    const job = buildJob({ images: 2, analyses: 3 });
    expect(parseJob(job)).toEqual({ job });
  });

  test('of 200 images and 25 analyses is read whole', () => {
    const parsed = parseJob(buildJob({ images: 200, analyses: 25 }));
    expect(parsed).toMatchObject({ job: { media: { length: 200 }, analyses: { length: 25 } } });
  });

  test('has no NUL in its texts, which a database behind Temporal may refuse', () => {
    const job = buildJob({ images: 1, analyses: 1 });
    expect(parseJob({ ...job, client: { ...job.client, slug: 'a\u0000b' } })).toEqual({
      faults: ['client.slug: must not contain a NUL character'],
    });
  });

  test('names the first faults of thousands, and how many there are', () => {
    const parsed = parseJob({
      ...buildJob({ images: 1, analyses: 1 }),
      media: Array.from({ length: 20_000 }, () => ({})),
    });
    expect('faults' in parsed && parsed.faults).toHaveLength(51);
    expect('faults' in parsed && parsed.faults.at(-1)).toBe('and 79950 more');
  });

  test('is refused when Temporal could not carry it', () => {
    const job = buildJob({ images: 6_000, analyses: 1 });
    expect(parseJob(job)).toEqual({
      faults: [expect.stringMatching(/^\(body\): it has \d{7} characters, and more than/)],
    });
  });

  test('keeps out fields that nobody knows, at every depth', () => {
    const job = buildJob({ images: 1, analyses: 1 });
    const extended = {
      ...job,
      priority: 9,
      client: { ...job.client, plan: 'gold' },
      media: job.media.map((item) => ({ ...item, size: 1 })),
      analyses: job.analyses.map((item) => ({ ...item, hidden: true })),
    };
    expect(parseJob(extended)).toEqual({ job });
  });

  test('may hold the same slug twice, and upper-case ids', () => {
    const job = buildJob({ images: 1, analyses: 2, slugs: ['same', 'same'] });
    const shouting: Job = { ...job, project: { ...job.project, id: job.project.id.toUpperCase() } };
    expect(parseJob(shouting)).toEqual({ job: shouting });
  });
});

describe('every fault names its field', () => {
  test.each(required.map((path) => [path.join('.'), path] as const))('%s is missing', (name, path) => {
    expect(faultsOf(jobWith(path, undefined))).toEqual([expect.stringMatching(new RegExp(`^${name}: .+`))]);
  });

  test.each(required.map((path) => [path.join('.'), path] as const))('%s is null, a number, a list', (name, path) => {
    for (const wrong of [null, 7, path.length > 1 || path[0] === 'client' ? [] : {}])
      expect(faultsOf(jobWith(path, wrong))[0]).toMatch(new RegExp(`^${name}(\\.|: ).+`));
  });

  test.each(
    required
      .filter(([, second, third]) => typeof second === 'string' || third !== undefined)
      .map((path) => [path.join('.'), path] as const),
  )('%s is empty', (name, path) => {
    expect(faultsOf(jobWith(path, ''))).toEqual([expect.stringMatching(new RegExp(`^${name}: must `))]);
  });

  test.each([
    'not-a-uuid',
    '12345678-1234-1234-1234-12345678901',
    '12345678-1234-1234-1234-1234567890123',
    '12345678123412341234123456789012',
    '{12345678-1234-1234-1234-123456789012}',
    'g2345678-1234-1234-1234-123456789012',
    ' 12345678-1234-1234-1234-123456789012',
    '12345678-1234-1234-1234-123456789012\n',
    '../../12345678-1234-1234-1234-1234567890',
  ])('%j is no id', (id) => {
    expect(faultsOf(jobWith(['media', 0, 'id'], id))).toEqual(['media.0.id: must be a UUID']);
  });

  test.each(['media', 'analyses'] as const)('%s holds nothing', (list) => {
    expect(faultsOf(jobWith([list], []))).toEqual([expect.stringMatching(`^${list}: must hold at least one`)]);
  });

  test.each(['media', 'analyses'] as const)('%s holds an id twice, in another case', (list) => {
    const [first] = buildJob({ images: 2, analyses: 2 })[list];
    for (const id of [first?.id, first?.id.toUpperCase()])
      expect(faultsOf(jobWith([list, 1, 'id'], id))).toEqual([`${list}.1.id: duplicate id ${id}, first at ${list}.0`]);
  });

  test('an image and an analysis may share an id', () => {
    const [media] = buildJob({ images: 2, analyses: 2 }).media;
    expect(faultsOf(jobWith(['analyses', 0, 'id'], media?.id))).toEqual([]);
  });

  test('all of them at once', () => {
    const broken = { client: { id: 1, slug: '' }, project: null, media: [{}], analyses: 'none' };
    expect(faultsOf(broken).map((fault) => fault.split(':')[0])).toEqual([
      'client.id',
      'client.slug',
      'client.name',
      'project',
      'media.0.id',
      'media.0.filename',
      'media.0.optimised_path',
      'media.0.greyscale_path',
      'analyses',
    ]);
  });

  test.each([null, undefined, 7, 'a job', true, []])('%j is no job at all', (body) => {
    expect(faultsOf(body)).toEqual([expect.stringMatching(/^\(body\): /)]);
  });
});
