import type { Logger } from 'pino';
import type { News } from '../../workflows/goflow/contracts/messages.ts';
import type { ProjectDirectory } from './project-directory.ts';

/**
 * Tells projects what their calls to GoFlow come to: folded, so that 500 results do not become 500 signals. Only for
 * show and for admission, so a lost piece of news is logged and no more.
 */
export interface ProjectNews {
  accepted(projectId: string, mediaId: string, analysisId: string): void;
  waiting(projectId: string, what: NonNullable<News['waitingForGoflow']>): void;
  reachable(projectId: string): void;
  /** Sends what is left and more than for show, and stops. */
  close(): Promise<void>;
}

/** A project may have been restarted meanwhile; a run takes 10,000 signals at most. */
const repeatMs = 600_000;

interface Draft {
  accepted: Record<string, string[]>;
  waitingForGoflow?: News['waitingForGoflow'];
  timer: NodeJS.Timeout;
}

export function createProjectNews(
  directory: Pick<ProjectDirectory, 'tell'>,
  log: Logger,
  /** Often enough to be fresh within 5 s on a busy machine. */
  everyMs = 3_000,
): ProjectNews {
  const drafts = new Map<string, Draft>();
  const toldAtMs = new Map<string, number>();

  const flush = async (projectId: string) => {
    const draft = drafts.get(projectId);
    if (draft === undefined) return;
    clearTimeout(draft.timer);
    drafts.delete(projectId);
    const { accepted, waitingForGoflow } = draft;
    try {
      await directory.tell(projectId, { accepted, ...(waitingForGoflow !== undefined && { waitingForGoflow }) });
    } catch (error) {
      log.debug({ projectId, err: error }, 'a project could not be told the news');
    }
  };

  const draftOf = (projectId: string, delayMs = everyMs) => {
    const known = drafts.get(projectId);
    if (known) return known;
    const timer = setTimeout(() => void flush(projectId), delayMs);
    const draft: Draft = { accepted: {}, timer };
    drafts.set(projectId, draft);
    return draft;
  };

  return {
    accepted(projectId, mediaId, analysisId) {
      (draftOf(projectId).accepted[mediaId] ??= []).push(analysisId);
    },
    waiting(projectId, what) {
      const nowMs = Date.now();
      if (nowMs - (toldAtMs.get(projectId) ?? -Infinity) < repeatMs) return;
      toldAtMs.set(projectId, nowMs);
      draftOf(projectId, 100).waitingForGoflow = what;
    },
    reachable(projectId) {
      // after a long wait, hundreds of calls get through at once: the first one says it at once, the others fold
      const isFirst = toldAtMs.delete(projectId);
      draftOf(projectId, isFirst ? 100 : everyMs).waitingForGoflow = null;
    },
    async close() {
      for (const { timer } of drafts.values()) clearTimeout(timer);
      const lasting = [...drafts].filter(([, { waitingForGoflow }]) => waitingForGoflow !== undefined);
      await Promise.all(lasting.map(([projectId]) => flush(projectId)));
    },
  };
}
