import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Receipt } from '../contracts/activities.ts';
import { activityId, idempotencyKey } from '../contracts/ids.ts';
import type { Report } from '../contracts/report.ts';
import { io } from './activities.ts';
import { failureOf } from './failure-of.ts';
import { hold } from './hold.ts';
import { policies } from './policies.ts';
import type { Project } from './project.ts';
import type { ProjectState } from './project-state.ts';

/** E4, last and once. Composed once: whoever sends it again sends the same bytes under the same key. */
export async function sendReport(project: Project): Promise<{ how: Receipt['how']; report: Report }> {
  const { state } = project;
  const report = await compose(state);
  let mayHaveArrived = false;
  for (let sending = 1; ; sending += 1) {
    try {
      const receipt = await sendOnce(state, report, sending, mayHaveArrived);
      state.waitingForGoflow = undefined;
      if (receipt) return { how: receipt.how, report };
      mayHaveArrived = true;
    } catch (error) {
      const { code, message } = failureOf(error);
      const reason = `GoFlow refused the report (${code}: ${message}): retry {"step":"report"} or cancel`;
      await hold(project, { kind: 'report', reason });
    }
  }
}

function compose(state: ProjectState): Promise<Report> {
  const { composeReport } = io(policies.composeReport, { activityId: activityId.composeReport(1), summary: 'report' });
  return composeReport({
    plan: { projectId: state.job.project.id, digest: state.plan.digest },
    startedAtMs: state.startedAtMs,
    finishedAtMs: Date.now(),
    combinations: state.combinations.counts().combinations,
    ...state.combinations.summary(),
    failed: state.combinations
      .failures()
      .map(({ mediaId, outcome: { analysisId, code, message } }) => ({ mediaId, analysisId, code, message })),
    ...(state.acceptedBecause !== undefined && { acceptedBecause: state.acceptedBecause }),
  });
}

/** One sending, with all its attempts. Undefined: an operator asked to send again instead of waiting. */
async function sendOnce(
  state: ProjectState,
  report: Report,
  sending: number,
  mayHaveArrived: boolean,
): Promise<Receipt | undefined> {
  const projectId = state.job.project.id;
  const isAskedAgain = () => state.sendReportAgain;
  state.sendReportAgain = false;
  const scope = new CancellationScope();
  const sent = scope.run(() =>
    io(policies.report, { activityId: activityId.report(sending), summary: 'report' }).submitReport({
      projectId,
      idempotencyKey: idempotencyKey.report(projectId, state.plan.rerun),
      mayHaveArrived,
      report,
    }),
  );
  const again = condition(isAskedAgain).then(() => scope.cancel());
  try {
    return await Promise.race([sent, again.then(() => sent)]);
  } catch (error) {
    if (isAskedAgain() && isCancellation(error)) return undefined;
    throw error;
  }
}
