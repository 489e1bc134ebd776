import type { Analyzed, StagedOnHost } from '../contracts/activities.ts';
import { activityId } from '../contracts/ids.ts';
import type { Task } from '../contracts/media.ts';
import { onHost } from './activities.ts';
import { isSilence } from './failure-of.ts';
import type { MediaState } from './media-state.ts';
import { policies } from './policies.ts';

/** Asks the host that holds the image; one that fell silent is asked once more before the image moves. */
export async function analyze(
  state: MediaState,
  { host, image }: StagedOnHost,
  { analysisId, slug, round }: Task,
): Promise<Analyzed> {
  const { media, plan } = state.input;
  const call = { activityId: activityId.analyze(media.id, analysisId, round), summary: `${slug} · ${media.filename}` };
  const input = { plan, mediaId: media.id, analysisId, round, image, toCome: state.toCome() };
  try {
    return await onHost(host, policies.analyze, call).analyze(input);
  } catch (error) {
    if (!isSilence(error)) throw error;
    return onHost(host, policies.analyzeAgain, call).analyze(input);
  }
}
