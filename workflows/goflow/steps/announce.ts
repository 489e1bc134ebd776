import { CancellationScope, log, sleep } from '@temporalio/workflow';
import type { Announcement } from '../contracts/activities.ts';
import { activityId } from '../contracts/ids.ts';
import { qaStages } from '../contracts/qa.ts';
import { io } from './activities.ts';
import { lastAnnouncementsMs, policies } from './policies.ts';
import type { ProjectState } from './project-state.ts';

type WithoutAbout<A> = A extends Announcement ? Omit<A, 'projectId' | 'client' | 'project'> : never;

export interface Announcer {
  /** Tells the operators. Returns at once: a notification never delays or fails a project. */
  (what: WithoutAbout<Announcement>): void;
  /** Folds all QA failures since the last call into one message per stage. */
  qaFailures(): void;
  /** Waits for what is on its way, but not for long. */
  delivered(): Promise<void>;
}

export function createAnnouncer(state: ProjectState): Announcer {
  const pending = new Set<Promise<void>>();
  const told = new Map<string, number>();

  const announce = (what: WithoutAbout<Announcement>) => {
    const { project, client } = state.job;
    const announcement = { projectId: project.id, client: client.slug, project: project.slug, ...what } as Announcement;
    state.announced += 1;
    const call = { activityId: activityId.announce(state.announced), summary: what.kind };
    const delivery = CancellationScope.nonCancellable(() => io(policies.announce, call).announce(announcement))
      .catch((error: unknown) => log.warn('a notification was not delivered', { kind: what.kind, error }))
      .finally(() => pending.delete(delivery));
    pending.add(delivery);
  };

  const qaFailures = () => {
    const counts = state.combinations.qaFailuresByStage();
    for (const stage of qaStages) {
      const count = (counts[stage] ?? 0) - (told.get(stage) ?? 0);
      if (count <= 0) continue;
      told.set(stage, counts[stage] ?? 0);
      announce({ kind: 'qa-failures', stage, count, examples: qaExamples(state, stage) });
    }
  };

  const delivered = () =>
    CancellationScope.nonCancellable(async () => {
      await Promise.race([Promise.all(pending), sleep(pending.size === 0 ? 1 : lastAnnouncementsMs)]);
      if (pending.size > 0) log.warn('the project ends with undelivered notifications', { count: pending.size });
    });

  return Object.assign(announce, { qaFailures, delivered });
}

const qaExamples = (state: ProjectState, stage: string) =>
  state.combinations
    .failures()
    .filter(({ outcome }) => outcome.code === 'QaRejected' && outcome.message.includes(stage))
    .slice(0, 5)
    .map(({ mediaId, outcome }) => `${mediaId} / ${outcome.analysisId}: ${outcome.message.slice(0, 200)}`);
