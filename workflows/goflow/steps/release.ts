import { condition, patched } from '@temporalio/workflow';
import type { ReleaseImageInput, StagedOnHost } from '../contracts/activities.ts';
import { activityId } from '../contracts/ids.ts';
import { onHost } from './activities.ts';
import { failureOf } from './failure-of.ts';
import type { MediaState } from './media-state.ts';
import { policies } from './policies.ts';

/** Best effort: a host takes an idle place back by itself after some seconds. */
export async function release(
  state: MediaState,
  { host }: StagedOnHost,
  how: Pick<ReleaseImageInput, 'abort' | 'onlyWaiting'>,
): Promise<void> {
  const { media, projectId } = state.input;
  const id = how.onlyWaiting ? activityId.handBack : activityId.release;
  const call = { activityId: id(media.id, state.stagings), summary: media.filename };
  try {
    await onHost(host, policies.release, call).releaseImage({ projectId, mediaId: media.id, ...how });
  } catch (error) {
    // only a cancellation or a bug goes on
    failureOf(error);
  }
}

/** A pause begins nothing: what waits for a lane is handed back, and only what runs is waited for. */
export async function handBackWhilePaused(
  state: MediaState,
  place: StagedOnHost,
  window: Promise<void>,
): Promise<void> {
  const seen = { isOver: false };
  const over = window.finally(() => (seen.isOver = true));
  over.catch(() => undefined);
  const until = (isSo: () => boolean) => condition(() => seen.isOver || isSo());
  for (;;) {
    await until(() => state.paused);
    if (seen.isOver || !state.isAnalysing() || !patched('pause-hands-back')) break;
    await release(state, place, { abort: false, onlyWaiting: true });
    await until(() => !state.paused);
  }
  await over;
}
