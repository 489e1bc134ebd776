import { activityInfo } from '@temporalio/activity';
import type { StagedOnHost, StageImageInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Images } from '../../images/images.ts';
import { withHeartbeat } from '../../shared/attempt.ts';
import { Failure } from '../../shared/failure.ts';
import type { Host } from './host.ts';
import { placeKey, stagedImageOf } from './places.ts';

export interface StageImageDeps {
  readonly host: Host;
  readonly images: Images;
  /** Attempts of a download that failed on the other side. */
  readonly downloadAttempts: number;
}

const heartbeatEveryMs = 5_000;
const downloadDelayMs = 1_000;

/** Downloads, checks and admits an image on this host. A success takes a place; nothing else does. */
export async function stageImage(
  { host, images, downloadAttempts }: StageImageDeps,
  input: StageImageInput,
): Promise<StagedOnHost> {
  const { media, preferredVariant, plan } = input;
  const { attempt } = activityInfo();
  // the poll may have been out already when the server died or the worker was asked to end
  checkHost(host);
  try {
    const image = await withHeartbeat(
      heartbeatEveryMs,
      () => undefined,
      (signal) => images.prepare(media, preferredVariant, signal),
    );
    checkHost(host);
    host.places.take(placeKey(plan.projectId, media.id), image);
    return { host: host.name, image: stagedImageOf(image) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ImageUnreachable') throw error;
    throw new Failure(error.code, error.message, {
      isFinal: attempt >= downloadAttempts,
      retryDelayMs: Math.max(backoffMs(attempt, Math.random()), error.retryDelayMs ?? 0),
      cause: error,
    });
  }
}

/** Doubled with each attempt, with jitter: the images of a project fail together and need not come back together. */
const backoffMs = (attempt: number, random: number) =>
  downloadDelayMs * 2 ** Math.min(attempt - 1, 5) * (0.5 + 0.5 * random);

function checkHost({ name, health, isLeaving }: Host): void {
  const otherHost = { retryDelayMs: 500 };
  if (isLeaving) throw new Failure('NoHealthyHost', `the GPU worker ${name} is shutting down`, otherHost);
  if (!health.isHealthy) throw new Failure('NoHealthyHost', `the vision server of ${name} does not answer`, otherHost);
}
