import type { IoActivities } from '../../../workflows/goflow/contracts/activities.ts';
import { type ActivityBasics, asActivity } from '../../shared/activity.ts';
import { acquireJob, type AcquireJobDeps } from './acquire-job.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { composeReport } from './compose-report.ts';
import { planProject, type PlanProjectDeps } from './plan-project.ts';
import { recoverMedia } from './recover-media.ts';
import { setStatus, type SetStatusDeps } from './set-status.ts';
import { submitReport } from './submit-report.ts';
import { submitResult, type SubmitResultDeps } from './submit-result.ts';

export type IoDeps = ActivityBasics &
  AcquireJobDeps &
  AnnounceDeps &
  PlanProjectDeps &
  SetStatusDeps &
  SubmitResultDeps;

/** Everything that talks to GoFlow, plans, reports and notifies. */
export function createIoActivities(deps: IoDeps): IoActivities {
  return {
    acquireJob: asActivity(deps, (input) => acquireJob(deps, input)),
    planProject: asActivity(deps, (input) => planProject(deps, input)),
    setStatus: asActivity(deps, (input) => setStatus(deps, input)),
    submitResult: asActivity(deps, (input) => submitResult(deps, input)),
    composeReport: asActivity(deps, (input) => composeReport(deps, input)),
    submitReport: asActivity(deps, (input) => submitReport(deps, input)),
    announce: asActivity(deps, (input) => announce(deps, input)),
    recoverMedia: asActivity(deps, (input) => recoverMedia(deps, input)),
  };
}
