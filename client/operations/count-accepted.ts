import { z } from 'zod';
import { closedPhases, type Progress } from '../../workflows/goflow/contracts/progress.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { isOpen } from './describe-project.ts';
import { KeptByRun } from './kept-by-run.ts';
import type { ListedProject } from './listed-project.ts';
import { readImageRuns, readProjectRuns } from './read-runs.ts';

/** How many combinations of each image GoFlow has accepted. */
type Accepted = Readonly<Record<string, number>>;

const combinationSchema = z.object({ mediaId: z.string(), analysisId: z.string() });

const kept = new KeptByRun<Accepted>(1_000);

/**
 * What a project says of itself, with what GoFlow has accepted. A project that is cancelled leaves its images where they
 * are, and what they had sent by then stands in their histories only: a few tenths of a second for 20 images, once, for
 * projects that ended without completing. Where the histories cannot be read, it stays as the project said it.
 */
export async function countAccepted(temporal: Temporal, project: ListedProject, progress: Progress): Promise<Progress> {
  if (!endedWithoutCompleting(project, progress)) return progress;
  const { projectId, runId } = project;
  const read = () => askTemporal(temporal, () => readAccepted(temporal, projectId, runId), { withinMs: readWithinMs });
  const accepted = await kept.get(temporal, runId, read).catch((): Accepted => ({}));
  const media = progress.media.map((item) => ({ ...item, done: Math.max(item.done, accepted[item.mediaId] ?? 0) }));
  const done = media.reduce((sum, item) => sum + item.done, 0);
  return { ...progress, media, totals: { ...progress.totals, done } };
}

const readWithinMs = 10_000;

const endedWithoutCompleting = (project: ListedProject, { phase }: Progress) =>
  phase !== 'done' && (!isOpen(project) || closedPhases.includes(phase));

async function readAccepted({ client }: Temporal, projectId: string, runId: string): Promise<Accepted> {
  const runs = await readProjectRuns(client, projectId, runId);
  const accepted = new Map<string, Set<string>>();
  for (const { history } of await readImageRuns(client, runs))
    for (const activity of history.completed) {
      const sent = activity.type === 'submitResult' && combinationSchema.safeParse(activity.input()).data;
      if (sent) accepted.set(sent.mediaId, (accepted.get(sent.mediaId) ?? new Set()).add(sent.analysisId));
    }
  return Object.fromEntries([...accepted].map(([mediaId, analyses]) => [mediaId, analyses.size]));
}
