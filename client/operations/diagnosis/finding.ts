import type { Phase } from '../../../workflows/goflow/contracts/progress.ts';

/** `error`: it does not go on without a person. `warning`: it will go on, or a person has wanted it. `info`: all is well. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

export const findingKinds = [
  'finished',
  'ended-badly',
  'no-orchestrator',
  'workflow-task-fails',
  'no-io-worker',
  'holding',
  'paused',
  'goflow-unavailable',
  'rate-limited',
  'no-gpu-host',
  'waits-for-room',
  'host-gone',
  'vision-unavailable',
  'image-unavailable',
  'activity-paused',
  'activity-retries',
  'progressing',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One thing that a project waits for. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** For an operator. */
  readonly message: string;
  /** Whole lines for a shell, ours first and then the same with `temporal`; the first ones help most. */
  readonly commands: readonly string[];
}

export interface Diagnosis {
  readonly projectId: string;
  readonly workflowId: string;
  readonly phase: Phase | undefined;
  /** The worst first; never empty. */
  readonly findings: readonly Finding[];
}
