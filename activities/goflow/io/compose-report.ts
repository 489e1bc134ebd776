import type { Plan } from '../../../workflows/goflow/contracts/plan.ts';
import type { Report, ReportInput } from '../../../workflows/goflow/contracts/report.ts';
import type { PlanStore } from '../../shared/plan-store.ts';

const maxFindings = 20;

/** The body of E4, from what the project knows at its end (P7). */
export async function composeReport({ plans }: { plans: PlanStore }, input: ReportInput): Promise<Report> {
  const plan = await plans.get(input.plan);
  const completed = sum(Object.values(input.doneByAnalysis));
  const minutes = (input.finishedAtMs - input.startedAtMs) / 60_000;
  const slugs = plan.analyses.filter(({ id }) => (input.doneByAnalysis[id] ?? 0) > 0).map(({ slug }) => slug);
  return {
    type: plan.reportType,
    report: {
      summary: summaryOf(input, plan.project.name, completed, plan.media.length),
      details: {
        total_media_processed: input.mediaWithResults,
        total_analyses_completed: completed,
        processing_time_minutes: round(minutes, 2),
        success_rate: round(completed / input.combinations, 4),
        analysis_types_completed: [...new Set(slugs)],
        key_findings: findingsOf(input, plan),
        failed: input.failed.map(({ mediaId, analysisId, code, message }) => ({
          media_id: mediaId,
          analysis_id: analysisId,
          code,
          message,
        })),
      },
    },
  };
}

function summaryOf(input: ReportInput, project: string, completed: number, media: number): string {
  const done = `${project}: ${completed} of ${input.combinations} analyses completed on ${input.mediaWithResults} of ${media} images.`;
  const { degraded = 0 } = input;
  const doubt = degraded > 0 ? ` but for ${degraded} degraded` : '';
  if (input.failed.length === 0) return `${done} Every answer passed quality assurance${doubt}.`;
  const accepted =
    input.acceptedBecause === undefined ? 'within the accepted share' : `accepted: ${input.acceptedBecause}`;
  return `${done} ${input.failed.length} failed (${accepted}).`;
}

function findingsOf(input: ReportInput, { analyses }: Plan): string[] {
  const { labels, repaired, degraded = 0, notApplicable, failed, sameTexts = [] } = input;
  const byImages = Object.entries(labels).sort(([, a], [, b]) => b.images - a.images || b.count - a.count);
  const found = byImages
    .slice(0, maxFindings)
    .map(([label, { images, count }]) => `${label}: ${count} found on ${counted(images, 'image')}`);
  const notes = [
    repaired > 0 ? `${counted(repaired, 'answer')} repaired by quality assurance` : '',
    degraded > 0 ? `${counted(degraded, 'answer')} degraded: doubtful, or made from a greyscale image` : '',
    ...sameTexts.map(({ analysisId, mediaIds }) => {
      const slug = analyses.find(({ id }) => id === analysisId)?.slug ?? analysisId;
      return `${slug}: the same text for ${mediaIds.length} different images: degraded`;
    }),
    notApplicable > 0
      ? `${counted(notApplicable, 'colour analysis', 'colour analyses')} not applicable: greyscale images`
      : '',
    failed.length > 0 ? `${counted(failed.length, 'combination')} failed` : '',
  ];
  return [...found, ...notes.filter((note) => note !== '')];
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
