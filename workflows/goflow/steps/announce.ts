import {
  CancellationScope,
  log,
  ParentClosePolicy,
  patched,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { AnnouncedProgress, Announcement } from '../contracts/activities.ts';
import { activityId, notificationsWorkflowId } from '../contracts/ids.ts';
import { qaStages } from '../contracts/qa-stages.ts';
import type { goflowNotifications } from '../notifications.ts';
import { io } from './activities.ts';
import { lastAnnouncementsMs, policies, qaFailuresEveryMs } from './policies.ts';
import type { ProjectState } from './project-state.ts';

type WithoutAbout<A> = A extends Announcement ? Omit<A, 'projectId' | 'client' | 'project' | 'progress'> : never;

export interface Announcer {
  /** Tells the operators. Returns at once: a notification never delays or fails a project. */
  (what: WithoutAbout<Announcement>): void;
  /** Folds all QA failures since the last call into one message per stage. */
  qaFailures(): void;
  /** The same while images are still at work, but seldom. */
  qaFailuresSoFar(): void;
  /** Waits for what is on its way, but not for long: what Discord does not take goes on beside the project. */
  delivered(): Promise<void>;
}

export function createAnnouncer(state: ProjectState): Announcer {
  const pending = new Map<Promise<void>, Announcement>();
  let toldQaAtMs = Date.now();

  const announce = (what: WithoutAbout<Announcement>) => {
    const { project, client } = state.job;
    const about = { projectId: project.id, client: client.slug, project: project.slug, progress: progressOf(state) };
    const announcement = { ...about, ...what } as Announcement;
    state.announced += 1;
    const call = { activityId: activityId.announce(state.announced), summary: what.kind };
    const delivery = CancellationScope.nonCancellable(() => io(policies.announce, call).announce(announcement))
      .catch((error: unknown) => log.warn('a notification was not delivered', { kind: what.kind, error }))
      .finally(() => pending.delete(delivery));
    pending.set(delivery, announcement);
  };

  const qaFailures = () => {
    const counts = state.combinations.qaFailuresByStage();
    toldQaAtMs = Date.now();
    for (const stage of qaStages) {
      const count = (counts[stage] ?? 0) - (state.toldQaFailures[stage] ?? 0);
      if (count <= 0) continue;
      state.toldQaFailures[stage] = counts[stage] ?? 0;
      announce({ kind: 'qa-failures', stage, count, examples: qaExamples(state, stage) });
    }
  };

  const qaFailuresSoFar = () => {
    if (Date.now() - toldQaAtMs >= qaFailuresEveryMs && patched('qa-failures-so-far')) qaFailures();
  };

  const delivered = () =>
    CancellationScope.nonCancellable(async () => {
      await Promise.race([Promise.all(pending.keys()), sleep(pending.size === 0 ? 1 : lastAnnouncementsMs)]);
      if (pending.size > 0 && patched('notifications-go-on')) await handOver([...pending.values()]);
      else if (pending.size > 0) log.warn('the project ends with undelivered notifications', { count: pending.size });
    });

  return Object.assign(announce, { qaFailures, qaFailuresSoFar, delivered });
}

/** To a workflow of their own, so that the project need not stay open for them. */
async function handOver(announcements: readonly Announcement[]): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  await startChild<typeof goflowNotifications>('goflowNotifications', {
    workflowId: notificationsWorkflowId(workflowId, runId),
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${announcements.length} notification(s) that Discord has not taken yet`,
    args: [{ announcements }],
  });
}

function progressOf(state: ProjectState): AnnouncedProgress {
  const { media, analyses } = state.job;
  const counts = state.hasPlan ? state.combinations.counts() : { done: 0, failed: 0 };
  return {
    elapsedMs: Date.now() - state.startedAtMs,
    combinations: media.length * analyses.length,
    done: counts.done,
    failed: counts.failed,
  };
}

const qaExamples = (state: ProjectState, stage: string) =>
  state.combinations
    .failures()
    .filter(({ outcome }) => outcome.code === 'QaRejected' && outcome.message.includes(stage))
    .slice(0, 5)
    .map(({ mediaId, outcome }) => `${mediaId} / ${outcome.analysisId}: ${outcome.message.slice(0, 200)}`);
