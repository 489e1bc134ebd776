import { describe, expect, test } from 'vitest';
import { planProject, type PlanSource } from '../../../../activities/goflow/io/plan-project.ts';
import { digestOf } from '../../../../activities/shared/plan-store.ts';
import type { EarlierLedger, ProjectDirectory } from '../../../../activities/shared/project-directory.ts';
import type { Definition } from '../../../../workflows/goflow/contracts/analysis.ts';
import type { MediaLedger } from '../../../../workflows/goflow/contracts/media.ts';
import { planSchema } from '../../../../workflows/goflow/contracts/plan.ts';
import { buildJob } from '../../../stand-ins/goflow/job.ts';
import { failureOf } from '../../../support/activity.ts';
import { definitionOf, planOf, storedAnswer } from '../../../support/plans.ts';
import { recordingLog } from '../../../support/recording-log.ts';

const job = buildJob({ images: 2, analyses: 2, slugs: ['objects', 'colours'] });
const [m1 = '', m2 = ''] = job.media.map(({ id }) => id);
const [a1 = '', a2 = ''] = job.analyses.map(({ id }) => id);

const { qa, failures } = planOf();
const source: PlanSource = {
  ...{
    qa,
    failures,
    configHash: 'hash',
    inferenceTimeoutMs: 60_000,
    reportType: 'quality_analysis',
    mediaInFlight: 12,
  },
  definitions: new Map(['objects', 'colours', 'default'].map((slug) => [slug, definitionOf({ slug })])),
  unknownSlug: 'default',
  systemPrompt: 'You look at images.',
};

interface Known {
  readonly earlier?: EarlierLedger | Error;
  readonly media?: Readonly<Record<string, MediaLedger>>;
}

/** A directory that knows of an earlier run, and of nothing else. */
function directoryOf({ earlier, media = {} }: Known = {}): ProjectDirectory {
  const none = () => Promise.reject(new Error('nobody should ask'));
  return {
    ...{ isIntakePaused: none, openProjects: none, describe: none, plan: none, tell: none },
    earlierLedger: () => (earlier instanceof Error ? Promise.reject(earlier) : Promise.resolve(earlier)),
    mediaLedger: async (_, mediaId) => media[mediaId],
  };
}

function plan(options: { source?: Partial<PlanSource>; known?: Known; rerun?: number; job?: typeof job } = {}) {
  const recorded = recordingLog();
  const deps = {
    source: () => ({ ...source, ...options.source }),
    directory: directoryOf(options.known),
    log: recorded.log,
  };
  const input = { job: options.job ?? job, rerun: options.rerun ?? 0, runId: 'this run' };
  return { planned: planProject(deps, input), recorded };
}

describe('a plan', () => {
  test('holds everything that the project runs with', async () => {
    const made = await plan().planned;
    expect(planSchema.parse(made)).toEqual(made);
    expect(made).toMatchObject({
      schema: 1,
      configHash: 'hash',
      rerun: 0,
      client: job.client,
      project: job.project,
      media: job.media,
      systemPrompts: { 'a-model': 'You look at images.' },
      preferredVariant: 'optimised',
      mediaInFlight: 12,
    });
    expect(made.analyses.map(({ id, slug, definition }) => [id, slug, definition?.slug])).toEqual([
      [a1, 'objects', 'objects'],
      [a2, 'colours', 'colours'],
    ]);
    expect(made).not.toHaveProperty('earlier');
  });

  test('has a digest over all of it', async () => {
    const made = await plan().planned;
    expect(made.digest).toMatch(/^[\da-f]{64}$/);
    expect(digestOf(JSON.parse(JSON.stringify(made)) as typeof made)).toBe(made.digest);
    const other = await plan({ source: { configHash: 'other' } }).planned;
    expect(other.digest).not.toBe(made.digest);
  });

  test('has one system prompt per model, the same text for all (P4)', async () => {
    const definitions = new Map([
      ['objects', definitionOf({ slug: 'objects', model: 'one' })],
      ['colours', definitionOf({ slug: 'colours', model: 'two' })],
    ]);
    const made = await plan({ source: { definitions } }).planned;
    expect(made.systemPrompts).toEqual({ one: 'You look at images.', two: 'You look at images.' });
  });

  test.each<[readonly Definition['image'][], string]>([
    [['greyscale', 'greyscale'], 'greyscale'],
    [['greyscale', 'any'], 'optimised'],
    [['greyscale', 'colour'], 'optimised'],
    [['any', 'any'], 'optimised'],
  ])('of analyses that prefer %j has the images in %s (G17)', async ([first, second], preferredVariant) => {
    const definitions = new Map([
      ['objects', definitionOf({ slug: 'objects', image: first ?? 'any' })],
      ['colours', definitionOf({ slug: 'colours', image: second ?? 'any' })],
    ]);
    expect(await plan({ source: { definitions } }).planned).toMatchObject({ preferredVariant });
  });

  test('is frozen: the configuration of a later moment changes nothing in it', async () => {
    const definitions = new Map(source.definitions);
    const made = await plan({ source: { definitions } }).planned;
    definitions.delete('objects');
    expect(digestOf(made)).toBe(made.digest);
  });
});

describe('an unknown slug', () => {
  const unknown = buildJob({ images: 1, analyses: 2, slugs: ['objects', 'horoscope'] });

  test('runs with the default definition, and the log says so', async () => {
    const { planned, recorded } = plan({ job: unknown });
    expect((await planned).analyses[1]).toMatchObject({ slug: 'horoscope', definition: { slug: 'default' } });
    expect(recorded.lines()).toMatchObject([{ level: 'warn', slug: 'horoscope', used: 'default' }]);
  });

  test('has no definition where the configuration says fail', async () => {
    const { planned, recorded } = plan({ job: unknown, source: { unknownSlug: 'fail' } });
    const made = await planned;
    expect(made.analyses[0]).toHaveProperty('definition');
    expect(made.analyses[1]).not.toHaveProperty('definition');
    expect(recorded.lines()).toMatchObject([{ level: 'warn', slug: 'horoscope' }]);
  });

  test.each(['constructor', '__proto__', 'toString', 'default'])('%s finds nothing but definitions', async (slug) => {
    const made = await plan({ job: buildJob({ images: 1, analyses: 1, slugs: [slug] }) }).planned;
    expect(made.analyses[0]?.definition?.slug).toBe('default');
  });
});

describe('an earlier run (P2)', () => {
  const ledger: EarlierLedger['ledger'] = {
    processing: 'accepted',
    combinations: { [`${m1}/${a1}`]: { state: 'accepted', round: 1 } },
    openMedia: [],
    rerun: 0,
  };
  const earlier = (changes: Partial<EarlierLedger['ledger']> = {}): EarlierLedger => ({
    runId: 'earlier run',
    ledger: { ...ledger, ...changes },
  });

  test('is taken into the plan', async () => {
    expect(await plan({ known: { earlier: earlier() } }).planned).toMatchObject({
      earlier: { runId: 'earlier run', processing: 'accepted', combinations: ledger.combinations },
    });
  });

  test('is completed by what its open images say', async () => {
    const media = {
      [m2]: {
        accepted: [a1],
        open: [{ analysisId: a2, round: 2, mayHaveArrived: true, stored: storedAnswer() }],
      },
    };
    const made = await plan({ known: { earlier: earlier({ openMedia: [m2, 'gone'] }), media } }).planned;
    expect(made.earlier?.combinations).toEqual({
      [`${m1}/${a1}`]: { state: 'accepted', round: 1 },
      [`${m2}/${a1}`]: { state: 'accepted', round: 1 },
      [`${m2}/${a2}`]: { state: 'may-have-arrived', round: 2, stored: storedAnswer() },
    });
  });

  test('counts a definite refusal of an open image as refused', async () => {
    const open = [{ analysisId: a2, round: 1, mayHaveArrived: false, stored: storedAnswer() }];
    const media = { [m2]: { accepted: [], open } };
    const made = await plan({ known: { earlier: earlier({ openMedia: [m2] }), media } }).planned;
    expect(made.earlier?.combinations[`${m2}/${a2}`]).toMatchObject({ state: 'refused', round: 1 });
  });

  test('is carried by value only up to a bound: what is beyond is made again', async () => {
    const stored = storedAnswer('x'.repeat(300_000));
    const open = [a1, a2].map((analysisId) => ({ analysisId, round: 1, mayHaveArrived: true, stored }));
    const media = { [m2]: { accepted: [], open } };
    const made = await plan({ known: { earlier: earlier({ openMedia: [m2] }), media } }).planned;
    expect(made.earlier?.combinations).toMatchObject({
      [`${m2}/${a1}`]: { state: 'may-have-arrived', stored },
      [`${m2}/${a2}`]: { state: 'may-have-arrived' },
    });
    expect(made.earlier?.combinations[`${m2}/${a2}`]).not.toHaveProperty('stored');
    expect(JSON.stringify(made).length).toBeLessThan(1_000_000);
  });

  test('of another story is not part of a forced re-run', async () => {
    const made = await plan({ rerun: 1, known: { earlier: earlier() } }).planned;
    expect(made.rerun).toBe(1);
    expect(made).not.toHaveProperty('earlier');
  });

  test('that was a forced re-run is gone on with, under its number', async () => {
    const made = await plan({ known: { earlier: earlier({ rerun: 2 }) } }).planned;
    expect(made).toMatchObject({ rerun: 2, earlier: { runId: 'earlier run' } });
  });

  test('that cannot be read keeps the project from planning, for now', async () => {
    const known = { earlier: new Error('query timed out') };
    expect(await failureOf(plan({ known }).planned)).toMatchObject({
      code: 'PlanUnavailable',
      message: expect.stringContaining('query timed out') as string,
    });
  });
});
