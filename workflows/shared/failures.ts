/**
 * The failure catalogue: every way in which a step can fail, what it means for a retry, and what an operator can do.
 * The code is the `type` of an `ApplicationFailure`, the `error_code` of our API and a row of the README's table
 * (a test keeps them equal in both directions).
 */

/** What a failure says about the next attempt. */
export type Retry =
  /** The same step may succeed later: Temporal tries again. */
  | 'again'
  /** Nothing is wrong, there is just nothing to do: not an error, not a failure metric. */
  | 'idle'
  /** The image goes to another host; the analysis itself is not at fault. */
  | 'elsewhere'
  /** The same input can never succeed. */
  | 'never';

export interface FailureKind {
  readonly retry: Retry;
  /** Status with which our own API reports it. */
  readonly httpStatus: number;
  /** One sentence for the operator: what to look at or do. */
  readonly hint: string;
}

export const failures = {
  GoFlowUnreachable: {
    retry: 'again',
    httpStatus: 503,
    hint: 'GoFlow did not answer: check GOFLOW_BASE_URL and the network; the call goes on.',
  },
  GoFlowTimeout: {
    retry: 'again',
    httpStatus: 503,
    hint: 'GoFlow took too long: the call goes on; the limit is in api_endpoints.yaml.',
  },
  GoFlowRateLimited: { retry: 'again', httpStatus: 503, hint: 'GoFlow asked to slow down: its Retry-After is obeyed.' },
  GoFlowServerError: { retry: 'again', httpStatus: 503, hint: 'GoFlow failed on its side (5xx): the call goes on.' },
  GoFlowUnauthorized: {
    retry: 'again',
    httpStatus: 503,
    hint: 'GoFlow refused the key: mend GOFLOW_API_KEY and restart the io workers; nothing is lost.',
  },
  GoFlowRefused: {
    retry: 'never',
    httpStatus: 409,
    hint: 'GoFlow refused the body (400): mend the other side, then retry sends the stored answer again.',
  },
  GoFlowNotFound: {
    retry: 'never',
    httpStatus: 409,
    hint: 'GoFlow does not know this project, image or analysis (404): mend the other side, then retry.',
  },
  GoFlowUnprocessable: {
    retry: 'never',
    httpStatus: 409,
    hint: 'GoFlow could not use the answer twice (422): look at the stored answer, then retry to analyse again.',
  },
  GoFlowUnexpected: {
    retry: 'never',
    httpStatus: 502,
    hint: 'GoFlow gave a status that its contract does not know: look at the audit record.',
  },
  IdMismatch: {
    retry: 'never',
    httpStatus: 500,
    hint: 'A call named an id that is not part of its job: this is a bug, please report the log line.',
  },
  SendDeadlinePassed: {
    retry: 'again',
    httpStatus: 503,
    hint: 'This process was stopped for so long that another attempt may be under way: it did not send.',
  },
  NoJob: { retry: 'idle', httpStatus: 404, hint: 'The queue of GoFlow is empty.' },
  NoCapacity: {
    retry: 'idle',
    httpStatus: 503,
    hint: 'Enough projects are open: see intake.maxConcurrentProjects and intake.maxOpenProjects.',
  },
  IntakePaused: { retry: 'idle', httpStatus: 409, hint: 'The schedule goflow-intake is paused: resume it.' },
  MalformedJob: {
    retry: 'never',
    httpStatus: 422,
    hint: 'The job breaks the contract: the message names each field; the body is kept in the state directory.',
  },
  ProjectCancelled: {
    retry: 'never',
    httpStatus: 409,
    hint: 'An operator cancelled the project; the job runs again when GoFlow hands it out again.',
  },
  ProjectCompleted: {
    retry: 'never',
    httpStatus: 409,
    hint: 'The project is already completed: gf25 projects rerun ID --force runs it again.',
  },
  PlanUnavailable: {
    retry: 'again',
    httpStatus: 503,
    hint: 'The plan could not be read from the project workflow: is an orchestrator running?',
  },
  AnalysisUnknown: {
    retry: 'never',
    httpStatus: 422,
    hint: 'No definition for this slug: add config/analyses/<slug>.yaml or set analysis.unknownSlug: default.',
  },
  ImageUnreachable: {
    retry: 'again',
    httpStatus: 503,
    hint: 'The image host did not answer: check GOFLOW_MEDIA_BASE_URL and the network.',
  },
  ImageMissing: {
    retry: 'never',
    httpStatus: 422,
    hint: 'The image host says that there is no such image (or that we may not have it).',
  },
  ImageAddressRefused: {
    retry: 'never',
    httpStatus: 422,
    hint: 'The address is not allowed: see images.allowedHosts and the rules for untrusted URLs.',
  },
  ImageInvalid: {
    retry: 'never',
    httpStatus: 422,
    hint: 'The file is not a whole JPEG, PNG or WebP image within the limits: the message says which.',
  },
  NoHealthyHost: {
    retry: 'again',
    httpStatus: 503,
    hint: 'The vision server of the host that took the image does not answer: another host, or this one later, takes it.',
  },
  NotStaged: {
    retry: 'elsewhere',
    httpStatus: 503,
    hint: 'The host does not hold the image any more: it is staged again.',
  },
  HostUnavailable: {
    retry: 'elsewhere',
    httpStatus: 503,
    hint: 'The vision server of this host does not answer: its images move to another host.',
  },
  HostLeaving: {
    retry: 'elsewhere',
    httpStatus: 503,
    hint: 'The GPU worker is shutting down: its images move to another host.',
  },
  HostLost: {
    retry: 'elsewhere',
    httpStatus: 503,
    hint: 'The GPU worker is gone, or its hosts keep failing without finishing anything: check them, then retry.',
  },
  ImageReleased: {
    retry: 'never',
    httpStatus: 409,
    hint: 'The image was given back while this analysis waited: the project was cancelled or paused.',
  },
  VisionTimeout: {
    retry: 'again',
    httpStatus: 504,
    hint: 'The model took longer than vision.inferenceTimeoutSeconds.',
  },
  VisionOverloaded: {
    retry: 'again',
    httpStatus: 503,
    hint: 'The vision server is full: lower GF25_LANES to what it can do at once.',
  },
  VisionFailed: {
    retry: 'again',
    httpStatus: 502,
    hint: 'The vision server failed during the inference: see its log.',
  },
  VisionRefused: {
    retry: 'never',
    httpStatus: 422,
    hint: 'The vision server can never answer this call: wrong model, image or size; the message says which.',
  },
  QaRejected: {
    retry: 'never',
    httpStatus: 422,
    hint: 'No answer passed QA within qa.maxRepairs: the message lists the reasons; retry asks again.',
  },
  MediaWorkflowFailed: {
    retry: 'never',
    httpStatus: 500,
    hint: 'The workflow of this image ended without a result (terminated by hand?): retry runs what is left.',
  },
  NotificationFailed: {
    retry: 'again',
    httpStatus: 503,
    hint: 'Discord did not take a notification: it is tried again for a day, the project goes on.',
  },
  NotificationHeld: {
    retry: 'idle',
    httpStatus: 503,
    hint: 'A notification waits for its turn: Discord asked to slow down, or has just failed.',
  },
  NotificationRefused: {
    retry: 'never',
    httpStatus: 502,
    hint: 'Discord refused a notification for good: check the webhook of this channel.',
  },
  WorkerRestarted: {
    retry: 'again',
    httpStatus: 503,
    hint: 'The worker died and its successor handed the task back: it runs again at once.',
  },
  Internal: {
    retry: 'again',
    httpStatus: 500,
    hint: 'An unexpected error in this program: please report the log line.',
  },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failures;

export function isFailureCode(value: unknown): value is FailureCode {
  return typeof value === 'string' && Object.hasOwn(failures, value);
}
