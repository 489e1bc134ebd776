import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { runWindow } from '../shared/window.ts';
import type { StagedOnHost } from './contracts/activities.ts';
import { activityId } from './contracts/ids.ts';
import type { MediaInput, MediaResult, Task } from './contracts/media.ts';
import { anyHost } from './steps/activities.ts';
import { analyze } from './steps/analyze.ts';
import { failureOf, isHandedBack, isHostLoss } from './steps/failure-of.ts';
import { listenAsMedia, type ToProject } from './steps/media-messages.ts';
import { MediaState } from './steps/media-state.ts';
import { analysesOutstanding, mostOutstanding, policies } from './steps/policies.ts';
import { handBackWhilePaused, release } from './steps/release.ts';
import { submit } from './steps/submit.ts';

/** One image: stage it on a host, analyse, submit each answer beside the next analyses, give the place back. */
export async function goflowMedia(input: MediaInput): Promise<MediaResult> {
  const state = new MediaState(input);
  const project = listenAsMedia(state);
  if (state.hasStored()) await submitStored(state, project);
  while (!state.isOver()) {
    if (state.hasOpen()) await analyseOnOneHost(state, project);
    else await condition(() => state.hasOpen() || state.isOver());
  }
  return state.result();
}

/** Answers that were paid for and are sent again need no host, but "processing" goes before them, too. */
async function submitStored(state: MediaState, project: ToProject): Promise<void> {
  await project.staged(undefined);
  await condition(() => state.begun);
  for (const { task, answer } of state.takeStored()) submit(state, task, answer);
}

async function analyseOnOneHost(state: MediaState, project: ToProject): Promise<void> {
  await condition(() => !state.paused);
  const place = await stage(state);
  if (place === undefined) return;
  try {
    await project.staged(place.host);
    await condition(() => state.begun);
    const isLost = await analyse(state, place);
    // a host that is lost has nothing to give back, or has dropped the image itself
    if (!isLost) {
      state.leftInOrder();
      await release(state, place, { abort: false });
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => release(state, place, { abort: true }));
    throw error;
  }
  if (state.hasOpen()) await project.staging();
}

/** Admission on any host that has room. Undefined: the image cannot be used, or no host could take it this time. */
async function stage(state: MediaState): Promise<StagedOnHost | undefined> {
  const { media, plan, projectId, preferredVariant } = state.input;
  await state.pauseBeforeStaging();
  const call = { activityId: activityId.stage(media.id, state.nextStaging()), summary: media.filename };
  try {
    const place = await anyHost(policies.stage, call, projectId).stageImage({ plan, media, preferredVariant });
    return state.mayTryOn(place.host) ? place : undefined;
  } catch (error) {
    state.failAllOpen(failureOf(error));
    return undefined;
  }
}

/**
 * A sliding window over the open analyses, all on the host that holds the image. It grows by the lanes that the host has
 * to spare, so that the last images of a project spread over idle lanes, and by one whenever the host had run out of
 * them. Resolves to whether the host was lost.
 */
async function analyse(state: MediaState, place: StagedOnHost): Promise<boolean> {
  let isLost = false;
  let outstanding = place.atHand ?? analysesOutstanding;
  let running = 0;

  const run = async (task: Task) => {
    running += 1;
    try {
      const { answer, spareLanes, imageLanes = 0, ranDry, isLeaving } = await analyze(state, place, task);
      isLost ||= isLeaving;
      const spread = running - 1 + spareLanes + analysesOutstanding - 1;
      outstanding = Math.max(outstanding, spread, imageLanes * analysesOutstanding);
      if (ranDry && outstanding < mostOutstanding) outstanding += 1;
      submit(state, task, answer);
    } catch (error) {
      const failure = failureOf(error);
      if (isHostLoss(failure)) isLost = true;
      if (isHostLoss(failure) || isHandedBack(failure)) state.reopen(task);
      else state.fail(task, failure);
    } finally {
      running -= 1;
    }
  };

  const window = runWindow({
    hasMore: () => state.hasOpen(),
    take: () => state.takeOpen(),
    limit: () => outstanding,
    isOpen: () => true,
    isClosing: () => isLost || state.paused,
    run,
  });
  await handBackWhilePaused(state, place, window);
  return isLost;
}
