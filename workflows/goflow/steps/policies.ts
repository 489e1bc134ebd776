import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';

/**
 * Every timeout and retry of the workflows, each with its reason. Delays between attempts come from the activities
 * (`nextRetryDelay`), because only they know whose fault it was; the server caps such a delay at `maximumInterval` and
 * takes it for a delay of 0 too, so that bound is far above any delay we ask for.
 */
const delaysFromActivity = { initialInterval: '1s', backoffCoefficient: 1, maximumInterval: '1h' } as const;

/** A heartbeat timeout goes to the workflow instead of to the same, dead host again. */
const dieWithHost = { ...delaysFromActivity, nonRetryableErrorTypes: ['TemporalTimeout:Heartbeat'] };

export const policies = {
  /** One GET takes 35 s at most; the rest is room for writing the job to disk. */
  acquireJob: {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '60s',
    retry: delaysFromActivity,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
  /** Local work and, after a failed run, one query per image of it. */
  plan: { startToCloseTimeout: '2m', retry: delaysFromActivity },
  /**
   * One attempt is one HTTP call of 35 s at most. No bound on attempts: GoFlow may be away for hours, and an answer that
   * was paid for is never thrown away.
   */
  goflowCall: {
    startToCloseTimeout: '60s',
    heartbeatTimeout: '45s',
    retry: delaysFromActivity,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
  /** As above, but a second sending may only start when the first is surely over. */
  report: {
    startToCloseTimeout: '60s',
    heartbeatTimeout: '45s',
    retry: delaysFromActivity,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  },
  composeReport: { startToCloseTimeout: '30s', retry: delaysFromActivity },
  recoverMedia: { startToCloseTimeout: '60s', retry: { ...delaysFromActivity, maximumAttempts: 10 } },
  /** A notification that cannot be delivered for a day is history: it is logged and counted as lost. */
  announce: { startToCloseTimeout: '60s', scheduleToCloseTimeout: '24h', retry: delaysFromActivity },
  /** Waits on the shared queue for as long as no host has room; then download and decoding take a minute at most. */
  stage: {
    startToCloseTimeout: '5m',
    heartbeatTimeout: '30s',
    retry: delaysFromActivity,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
  /**
   * Start-to-close includes the wait for a lane; the limit of one inference is inside. Heartbeat and schedule-to-start
   * are long on purpose: with 5 s, a blip of the Temporal server looked like a lost host (measured).
   */
  analyze: {
    startToCloseTimeout: '6h',
    heartbeatTimeout: '30s',
    scheduleToStartTimeout: '60s',
    retry: dieWithHost,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
  /**
   * After a silence: a living host takes the task at once, and still knows the answer if only its completion was lost
   * with the Temporal server (Core drops it after 10 s). A dead one is noticed 10 s later instead of a minute.
   */
  analyzeAgain: {
    startToCloseTimeout: '6h',
    heartbeatTimeout: '30s',
    scheduleToStartTimeout: '10s',
    retry: dieWithHost,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  },
  /** Best effort: a host that is gone gives its places back by being gone. */
  release: { scheduleToCloseTimeout: '10s', startToCloseTimeout: '5s', retry: { maximumAttempts: 2 } },
} as const satisfies Record<string, ActivityOptions>;

/** How long a project that is over waits for its last notifications: Discord takes a fraction of a second, or is away. */
export const lastAnnouncementsMs = 5_000;

/** QA failures are told when the images are through; in a project of hours, so often before that. */
export const qaFailuresEveryMs = 600_000;

/** How long a cancelled project waits until its images have given their places back. */
export const cancelledImagesMs = 30_000;

/** Per lane of an image: one running and two on their way hide the usual round trip to Temporal (measured: 2 costs 2 %). */
export const analysesOutstanding = 3;

/**
 * How far the window of an image grows, one by one, where the host did not say what it wants at hand and inferences are
 * quicker than that round trip. More would only be longer to wait for in a pause.
 */
export const mostOutstanding = 8;

/** Stagings on changing hosts without one finished analysis, after which an image is given up. */
export const fruitlessStagings = 5;

/** Pause before the next staging: 1 s, doubled each time nothing was finished, up to 30 s. */
export const stagingPauseMs = (fruitless: number) =>
  fruitless === 0 ? 0 : Math.min(1000 * 2 ** (fruitless - 1), 30_000);
