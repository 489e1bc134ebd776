/** The phases of a project, as search attribute `Gf25Phase` and in the query `progress`. */
export const phases = [
  'planning',
  'waiting-for-gpu',
  'processing',
  'holding',
  'paused',
  'waiting-for-goflow',
  'completing',
  'done',
  'failed',
  'cancelled',
] as const;
export type Phase = (typeof phases)[number];

/** Phases in which a project wants GPUs; the others only count as open (P12). */
export const phasesThatUseGpus: readonly Phase[] = ['planning', 'waiting-for-gpu', 'processing'];

/** Phases of a project that is over; it is no longer open whatever its last notifications still do. */
export const closedPhases: readonly Phase[] = ['done', 'failed', 'cancelled'];

export type MediaState = 'waiting' | 'staging' | 'analysing' | 'done' | 'failed';

export interface MediaProgress {
  readonly mediaId: string;
  readonly filename: string;
  readonly state: MediaState;
  readonly host?: string;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

/** The answer of the query `progress`. */
export interface Progress {
  readonly phase: Phase;
  /** When the phase began, ISO 8601 in UTC. */
  readonly since: string;
  readonly totals: {
    readonly combinations: number;
    readonly done: number;
    readonly failed: number;
    readonly running: number;
  };
  readonly media: readonly MediaProgress[];
  /** What the project waits for, in words for an operator. */
  readonly waitingFor?: string;
  readonly planDigest?: string;
  readonly failures: readonly { mediaId: string; analysisId: string; code: string; message: string }[];
  /** Wrong or illegal signals, newest last: they are ignored, but not silently. */
  readonly ignoredSignals: readonly string[];
}
