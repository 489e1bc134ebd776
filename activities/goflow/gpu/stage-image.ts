import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { StagedOnHost, StageImageInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Images } from '../../images/images.ts';
import { type RecordAttempt, recordOutcome, withHeartbeat } from '../../shared/attempt.ts';
import { Failure } from '../../shared/failure.ts';
import type { Host } from './host.ts';
import { placeKey, stagedImageOf } from './places.ts';

export interface StageImageDeps {
  readonly host: Host;
  readonly images: Images;
  readonly recordAttempt: RecordAttempt;
  readonly downloads: DownloadTimes;
}

/** How long an image host may be away: its images wait for it, as results wait for GoFlow. */
export interface DownloadTimes {
  /** Attempts within seconds, before they become slow. */
  readonly quickAttempts: number;
  readonly slowMs: number;
  readonly giveUpMs: number;
}

const heartbeatEveryMs = 5_000;
const firstDelayMs = 1_000;
/** From an answer to the next analysis of its image, through a Temporal server that is busy. */
const roundTripMs = 2_000;
/** One runs and two are on their way; more than the most would only wait, each with heartbeats of its own. */
const atHand = { least: 3, most: 12 };

/** What the next attempt must know: attempts that found no healthy host do not count. */
const downloadsSchema = z.object({ failed: z.int(), sinceMs: z.number() });
type FailedDownloads = z.infer<typeof downloadsSchema>;

/** Downloads, checks and admits an image on this host. A success takes a place; nothing else does. */
export async function stageImage(deps: StageImageDeps, input: StageImageInput): Promise<StagedOnHost> {
  const { host, images } = deps;
  const { media, preferredVariant, plan } = input;
  const before = downloadsSchema.safeParse(activityInfo().heartbeatDetails).data;
  // the poll may have been out already when the server died or the worker was asked to end
  checkHost(host);
  try {
    const image = await host.places.staging(() =>
      withHeartbeat(
        heartbeatEveryMs,
        () => before,
        (signal) => images.prepare(media, preferredVariant, signal),
      ),
    );
    checkHost(host);
    host.places.take(placeKey(plan.projectId, media.id), image);
    return { host: host.name, image: stagedImageOf(image), atHand: analysesAtHand(host.lanes.usualTurnMs) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ImageUnreachable') throw error;
    throw await unreachable(deps, error, before);
  }
}

/** As many as keep a lane busy during a round trip; where no answer was timed yet, as if they were quick. */
export function analysesAtHand(usualTurnMs = 0): number {
  return Math.max(atHand.least, Math.min(atHand.most, 1 + Math.ceil(roundTripMs / usualTurnMs)));
}

async function unreachable(
  { recordAttempt, downloads }: StageImageDeps,
  error: Failure,
  before: FailedDownloads | undefined,
): Promise<Failure> {
  const nowMs = Date.now();
  const { failed, sinceMs } = { failed: (before?.failed ?? 0) + 1, sinceMs: before?.sinceMs ?? nowMs };
  await recordOutcome(recordAttempt, { failed, sinceMs } satisfies FailedDownloads);
  return new Failure(error.code, error.message, {
    isFinal: nowMs - sinceMs >= downloads.giveUpMs,
    retryDelayMs: Math.max(delayMs(downloads, failed, Math.random()), error.retryDelayMs ?? 0),
    cause: error,
  });
}

/** With jitter: the images of a project fail together and need not come back together. */
function delayMs({ quickAttempts, slowMs }: DownloadTimes, failed: number, random: number): number {
  if (failed >= quickAttempts) return Math.round(slowMs * (0.9 + 0.1 * random));
  return Math.round(Math.min(firstDelayMs * 2 ** (failed - 1), slowMs) * (0.5 + 0.5 * random));
}

function checkHost({ name, health, isLeaving }: Host): void {
  const otherHost = { retryDelayMs: 500 };
  if (isLeaving) throw new Failure('NoHealthyHost', `the GPU worker ${name} is shutting down`, otherHost);
  if (!health.isHealthy) throw new Failure('NoHealthyHost', `${name}: ${health.problem ?? 'not healthy'}`, otherHost);
}
