import { type FailureCode, failures, isFailureCode } from '../../../workflows/shared/failures.ts';
import type { Commands } from './commands.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, FindingKind, Severity } from './finding.ts';
import type { PendingActivity } from './pending-work.ts';

interface Pending extends PendingActivity {
  readonly workflowId: string;
}

/** Activities that try again and again, by what they last met; and those that somebody has paused. */
export function findActivities({ work, legal }: Evidence, commands: Commands): Finding[] {
  const pending = work.flatMap(({ workflowId, activities }) =>
    activities.map((activity) => ({ ...activity, workflowId })),
  );
  const sendNow = legal.filter(({ input }) => input['step'] === 'report').flatMap(commands.word);
  const paused = pending.filter(({ state }) => state === 'paused');
  const failing = groupBy(
    pending.filter(({ failure, state, type }) => failure && state !== 'paused' && type !== 'announce'),
    ({ failure }) => failure?.code ?? '',
  );
  return [
    ...(paused.length > 0 ? [pausedFinding(paused, commands)] : []),
    ...[...failing].map(([code, activities]) => failingFinding(code, activities, commands, sendNow)),
  ];
}

const pausedFinding = (paused: readonly Pending[], commands: Commands): Finding => ({
  ...{ kind: 'activity-paused', severity: 'error' },
  message: `${paused.length} activity(s) are paused in Temporal, by hand: ${paused.map(({ activityId }) => activityId).join(', ')}.`,
  commands: paused.map(({ workflowId, activityId }) => commands.unpause(workflowId, activityId)),
});

function failingFinding(
  code: string,
  activities: readonly Pending[],
  commands: Commands,
  sendNow: readonly string[],
): Finding {
  const [kind, severity] = isFailureCode(code) ? (kinds[code] ?? retries) : retries;
  const next = activities.flatMap(({ nextAttempt }) => nextAttempt ?? []).sort()[0];
  const attempts = Math.max(...activities.map(({ attempt }) => attempt));
  const last = activities.find(({ attempt }) => attempt === attempts);
  const when = next === undefined ? 'the next attempt is under way' : `the next attempt is at ${next}`;
  const hint = isFailureCode(code) ? ` ${failures[code].hint}` : '';
  return {
    ...{ kind, severity },
    message: `${whatOf(activities)}: ${code}: ${last?.failure?.message ?? ''} (attempt ${attempts}; ${when}).${hint}`,
    commands: [...(kind === 'goflow-unavailable' ? sendNow : []), ...commandsOf(kind, last, commands)],
  };
}

function whatOf(activities: readonly Pending[]): string {
  const counts = groupBy(activities, ({ type }) => type);
  return (
    [...counts].map(([type, { length }]) => (length === 1 ? type : `${length} x ${type}`)).join(', ') + ' cannot go on'
  );
}

const retries: readonly [FindingKind, Severity] = ['activity-retries', 'warning'];
/** These need a person somewhere; the others pass by themselves. */
const kinds: Partial<Record<FailureCode, readonly [FindingKind, Severity]>> = {
  GoFlowUnreachable: ['goflow-unavailable', 'error'],
  GoFlowTimeout: ['goflow-unavailable', 'error'],
  GoFlowServerError: ['goflow-unavailable', 'error'],
  GoFlowUnauthorized: ['goflow-unavailable', 'error'],
  GoFlowRateLimited: ['rate-limited', 'warning'],
  VisionOverloaded: ['rate-limited', 'warning'],
  NoHealthyHost: ['vision-unavailable', 'error'],
  HostUnavailable: ['vision-unavailable', 'error'],
  VisionFailed: ['vision-unavailable', 'warning'],
  VisionTimeout: ['vision-unavailable', 'warning'],
  ImageUnreachable: ['image-unavailable', 'error'],
};

function commandsOf(kind: FindingKind, last: Pending | undefined, commands: Commands): string[] {
  const describe = commands.describe(last?.workflowId);
  if (kind === 'goflow-unavailable' || kind === 'rate-limited') return ['gf25 intake show', describe];
  return kind === 'vision-unavailable' ? ['gf25 hosts', describe] : [describe];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
