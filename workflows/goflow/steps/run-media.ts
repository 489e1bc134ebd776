import {
  CancellationScope,
  condition,
  ParentClosePolicy,
  sleep,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { activityId, mediaWorkflowId } from '../contracts/ids.ts';
import type { MediaInput, MediaLedger } from '../contracts/media.ts';
import { beginSignal } from '../contracts/messages.ts';
import type { MediaItem } from '../contracts/job.ts';
import { workflowTaskTimeout } from '../contracts/project.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import type { goflowMedia } from '../media.ts';
import { io } from './activities.ts';
import { failureOf } from './failure-of.ts';
import { tell, tellPaused } from './listen.ts';
import { cancelledImagesMs, policies } from './policies.ts';
import type { Project } from './project.ts';
import { newlyRunning, type ProjectState, type RunningMedia } from './project-state.ts';
import { sendStatus } from './send-status.ts';

/** One image: its workflow, the hand-shake before its first analysis, and what it brings home. */
export async function runMedia(project: Project, mediaId: string): Promise<void> {
  const { state, show, announce } = project;
  const media = newlyRunning(state.paused);
  const item = mediaItem(state, mediaId);
  const input = mediaInput(state, item);
  state.running.set(mediaId, media);
  show();
  try {
    media.handle = await start(state, item, input);
    const result = media.handle.result();
    media.ended = result.catch(() => undefined);
    await tellPaused(state, media);
    if (!input.begun) await begin(project, media);
    state.combinations.finish(mediaId, await result);
  } catch (error) {
    if (state.scope.consideredCancelled) throw error;
    await recover(state, mediaId, error);
  }
  state.running.delete(mediaId);
  announce.qaFailuresSoFar();
  show();
}

/** "processing" goes out when the first image is ready for its first analysis; nobody analyses before. */
async function begin(project: Project, media: RunningMedia): Promise<void> {
  const isReady = condition(() => media.staged).then(() => true);
  if (!(await Promise.race([isReady, media.ended.then(() => false)]))) return;
  await sendStatus(project, 'processing');
  await tell(media, beginSignal);
}

/** The image's workflow ended without a result: an operator terminated it, or it failed. What it sent is still known. */
async function recover(state: ProjectState, mediaId: string, error: unknown): Promise<void> {
  const { message } = failureOf(error, { cancellationIsFailure: true });
  state.combinations.lose(mediaId, await ledgerOf(state, mediaId), message);
}

async function ledgerOf(state: ProjectState, mediaId: string): Promise<MediaLedger> {
  state.recovered += 1;
  const call = { activityId: activityId.recover(mediaId, state.recovered), summary: 'what an ended image had sent' };
  try {
    return await io(policies.recoverMedia, call).recoverMedia({ projectId: state.job.project.id, mediaId });
  } catch (error) {
    failureOf(error);
    // its history is unreadable: everything it had to do may have been sent
    const accepted = [...(state.running.get(mediaId)?.accepted ?? [])];
    return {
      accepted,
      open: state.combinations.runningTasks(mediaId).map((task) => ({ ...task, mayHaveArrived: true })),
    };
  }
}

function mediaInput(state: ProjectState, media: MediaItem): MediaInput {
  const { digest, rerun, preferredVariant } = state.plan;
  const projectId = state.job.project.id;
  return {
    projectId,
    plan: { projectId, digest },
    rerun,
    media,
    preferredVariant,
    tasks: state.combinations.start(media.id),
    begun: state.begun,
    paused: state.paused,
  };
}

/** Images of a terminated run may take a moment to be terminated, too. */
async function start(state: ProjectState, item: MediaItem, input: MediaInput) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startChild<typeof goflowMedia>('goflowMedia', {
        workflowId: mediaWorkflowId(input.projectId, item.id),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.TERMINATE,
        staticSummary: `${item.filename}: ${input.tasks.length} analyses`.slice(0, 200),
        workflowTaskTimeout,
        args: [input],
        ...(state.input.searchAttributes && { typedSearchAttributes: attributesOf(state) }),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || attempt === 30) throw error;
      await sleep(1000);
    }
  }
}

const attributesOf = ({ job }: ProjectState) => [
  { key: searchAttributes.projectId, value: job.project.id },
  { key: searchAttributes.client, value: job.client.slug },
];

function mediaItem(state: ProjectState, mediaId: string): MediaItem {
  const item = state.plan.media.find(({ id }) => id === mediaId);
  if (item === undefined) throw new RangeError(`no such image in the plan: ${mediaId}`);
  return item;
}

/** Waits until the images of a cancelled project have given their places back; what is left then is terminated. */
export function imagesEnded({ state }: Project): Promise<void> {
  const ended = [...state.running.values()].map((media) => media.ended);
  if (ended.length === 0) return Promise.resolve();
  return CancellationScope.nonCancellable(async () => {
    await Promise.race([Promise.all(ended), sleep(cancelledImagesMs)]);
  });
}
