/**
 * Every id that others see or rely on. Pinned by a snapshot test: changing one breaks running projects, operators'
 * scripts or GoFlow's idempotency.
 */

export const scheduleId = 'goflow-intake';
/** The schedule appends the start time to it. */
export const intakeWorkflowId = 'goflow-intake';

export const projectWorkflowId = (projectId: string) => `project-${projectId}`;

/** A job without a readable project id is still a project that fails where everyone can see it. */
export const malformedJobWorkflowId = (bodyDigest: string) => `project-malformed-${bodyDigest.slice(0, 16)}`;

export const mediaWorkflowId = (projectId: string, mediaId: string) =>
  `${projectWorkflowId(projectId)}/media-${mediaId}`;

/** What one run of a project left undelivered; a later run of the same project may leave something, too. */
export const notificationsWorkflowId = (projectWorkflow: string, runId: string) =>
  `${projectWorkflow}/notifications-${runId}`;

/** One media x one analysis, inside one project. */
export const combinationKey = (mediaId: string, analysisId: string) => `${mediaId}/${analysisId}`;

/**
 * Activity ids are ours, so that `temporal activity ...` works by hand. They never collide while one of them is
 * pending: scheduling an id that is still pending fails the workflow task for ever.
 */
export const activityId = {
  plan: () => 'plan',
  status: (step: StatusStep, attempt: number) => `status.${step}.${attempt}`,
  composeReport: (attempt: number) => `compose-report.${attempt}`,
  report: (attempt: number) => `report.${attempt}`,
  announce: (n: number) => `announce.${n}`,
  recover: (mediaId: string, n: number) => `recover.${mediaId}.${n}`,
  stage: (mediaId: string, staging: number) => `stage.${mediaId}.${staging}`,
  release: (mediaId: string, staging: number) => `release.${mediaId}.${staging}`,
  /** A cancellation may meet it while it is pending, and releases at once. */
  handBack: (mediaId: string, staging: number) => `hand-back.${mediaId}.${staging}`,
  analyze: (mediaId: string, analysisId: string, round: number) => `analyze.${mediaId}.${analysisId}.${round}`,
  submit: (mediaId: string, analysisId: string, round: number, send: number) =>
    `submit.${mediaId}.${analysisId}.${round}${send === 1 ? '' : `.${send}`}`,
} as const;

export type StatusStep = 'processing' | 'completed';

/** A forced re-run of a completed project is a new story for GoFlow; an ordinary one is not. */
const rerunSuffix = (rerun: number) => (rerun === 0 ? '' : `:rerun-${rerun}`);
const roundSuffix = (round: number) => (round === 1 ? '' : `:${round}`);

/**
 * The `Idempotency-Key` of each call (decision D2): never an attempt or a run id, and one key never carries two bodies,
 * which is why a new answer after a definite refusal has a new round.
 */
export const idempotencyKey = {
  status: (projectId: string, step: StatusStep, rerun: number) => `${projectId}:${step}${rerunSuffix(rerun)}`,
  result: (projectId: string, mediaId: string, analysisId: string, rerun: number, round: number) =>
    `${projectId}:${mediaId}:${analysisId}${rerunSuffix(rerun)}${roundSuffix(round)}`,
  report: (projectId: string, rerun: number) => `${projectId}:report${rerunSuffix(rerun)}`,
} as const;
