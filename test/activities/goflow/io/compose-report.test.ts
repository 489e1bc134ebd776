import { describe, expect, test } from 'vitest';
import { composeReport } from '../../../../activities/goflow/io/compose-report.ts';
import { createPlanStore } from '../../../../activities/shared/plan-store.ts';
import { type ReportInput, reportSchema } from '../../../../workflows/goflow/contracts/report.ts';
import { planOf } from '../../../support/plans.ts';

const plan = planOf({ images: 4, analyses: 3, slugs: ['objects', 'colours', 'objects'] });
const [a1 = '', a2 = '', a3 = ''] = plan.analyses.map(({ id }) => id);

const input: ReportInput = {
  plan: { projectId: plan.project.id, digest: plan.digest },
  startedAtMs: 0,
  finishedAtMs: 90_000,
  doneByAnalysis: { [a1]: 4, [a2]: 4, [a3]: 4 },
  mediaWithResults: 4,
  combinations: 12,
  notApplicable: 0,
  repaired: 0,
  failed: [],
  labels: {},
};

const compose = (changes: Partial<ReportInput> = {}) =>
  composeReport({ plans: createPlanStore({ plan: async () => plan }) }, { ...input, ...changes });
const failed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    mediaId: `m${index}`,
    analysisId: a1,
    code: 'QaRejected',
    message: 'no',
  }));

describe('the report', () => {
  test('of a project in which everything passed', async () => {
    const report = await compose();
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report).toEqual({
      type: 'quality_analysis',
      report: {
        summary:
          'Project stand-in-project: 12 of 12 analyses completed on 4 of 4 images. Every answer passed quality assurance.',
        details: {
          total_media_processed: 4,
          total_analyses_completed: 12,
          processing_time_minutes: 1.5,
          success_rate: 1,
          analysis_types_completed: ['objects', 'colours'],
          key_findings: [],
          failed: [],
        },
      },
    });
  });

  test.each([
    [12, 1],
    [11, 0.9167],
    [8, 0.6667],
    [1, 0.0833],
    [0, 0],
  ])('of %i accepted combinations of 12 has a success rate of %d: a share of 0..1 (P7)', async (done, rate) => {
    const { details } = (await compose({ doneByAnalysis: { [a1]: done }, failed: failed(12 - done) })).report;
    expect(details.success_rate).toBe(rate);
    expect(details.total_analyses_completed).toBe(done);
  });

  test('lists what failed, and what an operator said to it', async () => {
    const { summary, details } = (
      await compose({ doneByAnalysis: { [a1]: 10 }, failed: failed(2), acceptedBecause: 'blurred originals' })
    ).report;
    expect(summary).toContain('2 failed (accepted: blurred originals).');
    expect(details.failed).toEqual([
      { media_id: 'm0', analysis_id: a1, code: 'QaRejected', message: 'no' },
      { media_id: 'm1', analysis_id: a1, code: 'QaRejected', message: 'no' },
    ]);
    expect(details.key_findings).toContain('2 combinations failed');
  });

  test('says that failures were accepted by policy when nobody was asked', async () => {
    const { summary } = (await compose({ doneByAnalysis: { [a1]: 11 }, failed: failed(1) })).report;
    expect(summary).toContain('1 failed (within the accepted share).');
  });

  test('names only the kinds of analysis that completed, once each, in the order of the job', async () => {
    const typesOf = async (doneByAnalysis: Record<string, number>) =>
      (await compose({ doneByAnalysis })).report.details.analysis_types_completed;
    expect(await typesOf({ [a2]: 1, [a3]: 1 })).toEqual(['colours', 'objects']);
    expect(await typesOf({ [a2]: 0, [a1]: 2 })).toEqual(['objects']);
    expect(await typesOf({})).toEqual([]);
  });

  test('finds the labels that are on most images, 20 at most, then what QA did', async () => {
    const labels = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`label ${index}`, { images: index % 7, count: index }]),
    );
    const { key_findings: findings } = (await compose({ labels, repaired: 3, notApplicable: 2 })).report.details;
    expect(findings).toHaveLength(22);
    expect(findings.slice(0, 2)).toEqual(['label 27: 27 found on 6 images', 'label 20: 20 found on 6 images']);
    expect(findings.slice(20)).toEqual([
      '3 answers repaired by quality assurance',
      '2 colour analyses not applicable: greyscale images',
    ]);
  });

  test('names doubts: degraded answers, and the same text for different images', async () => {
    const sameTexts = [{ analysisId: a2, mediaIds: ['m1', 'm2', 'm3'] }];
    const { key_findings: findings } = (await compose({ degraded: 2, sameTexts })).report.details;
    expect(findings).toEqual([
      '2 answers degraded: doubtful, or made from a greyscale image',
      'colours: the same text for 3 different images: degraded',
    ]);
  });

  test('of a clock that went backwards still is a report', async () => {
    expect(reportSchema.safeParse(await compose({ startedAtMs: 5_000, finishedAtMs: 0 })).success).toBe(true);
  });

  test('is the same bytes for the same input', async () => {
    expect(JSON.stringify(await compose())).toBe(JSON.stringify(await compose()));
  });
});
