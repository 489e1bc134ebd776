import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Failure } from '../../shared/failure.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { VisionProvider } from '../../vision/provider.ts';
import { Admission } from './admission.ts';
import { CoordinateScales } from './coordinate-scales.ts';
import { HostHealth } from './host-health.ts';
import { Lanes } from './lanes.ts';
import { ModelBook } from './model-book.ts';
import { Places } from './places.ts';
import { createWarmUp } from './warm-up.ts';

export interface HostOptions {
  /** Stable: part of the queue name. */
  readonly name: string;
  readonly lanes: number;
  readonly stageAhead: number;
  readonly idlePlaceMs: number;
  readonly placesFile: string;
  /** Models of the definitions, the most used one first. */
  readonly neededModels: readonly string[];
}

/** One vision server on one GPU machine: its lanes, the images on it, and when it takes the next one. */
export interface Host {
  readonly name: string;
  readonly provider: VisionProvider;
  readonly models: ModelBook;
  readonly scales: CoordinateScales;
  readonly lanes: Lanes;
  readonly places: Places;
  readonly health: HostHealth;
  readonly admission: Admission;
  readonly isLeaving: boolean;
  /**
   * Takes no more images; what waits for a lane, or still arrives, goes elsewhere at once; what runs may end. Resolves
   * when nothing runs any more, at the latest after the grace period.
   */
  leave(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Analyses that were on their way when the host left must find somebody who turns them away, or they wait a minute. */
const turnAwayMs = 1_000;
const lookMs = 50;

export const unavailable = (name: string, why = 'the vision server does not answer') =>
  new Failure('HostUnavailable', `${name}: ${why}`);

export async function createHost(
  options: HostOptions,
  provider: VisionProvider,
  log: Logger,
  metrics: Metrics,
): Promise<Host> {
  let isLeaving = false;
  const wake = () => {
    metrics.lanesBusy.set(lanes.busy);
    metrics.places.set(places.taken);
    admission.wake();
  };
  const lanes: Lanes = new Lanes(options.lanes, { onChange: () => wake(), kept: () => places.aboutToStart });
  const places: Places = await Places.open(options.placesFile, log, () => wake());
  const { neededModels } = options;
  const models = new ModelBook(provider);
  const warmUp = createWarmUp(provider, neededModels[0], log);
  const health: HostHealth = new HostHealth({
    ...{ provider, models, neededModels, log },
    onChange: () => {
      // what waits for a lane need not find out one by one
      if (health.isHealthy) warmUp.start();
      else lanes.evict(unavailable(options.name, health.problem));
      admission.wake();
    },
  });
  const admission: Admission = new Admission({
    roomWithoutPermits: () => {
      if (isLeaving || !health.isHealthy) return 0;
      // a few images are made ready while the lanes work, but none while a lane could take one at once
      const ahead = lanes.busy === lanes.total ? options.stageAhead : 0;
      const successors = Math.min(places.ending, lanes.total);
      return lanes.total + ahead + successors - places.taken;
    },
    placesTaken: () => places.taken,
    onWaiting: () => places.releaseIdle(options.idlePlaceMs),
  });

  return {
    name: options.name,
    provider,
    models,
    scales: new CoordinateScales(log.child({ host: options.name }), metrics),
    lanes,
    places,
    health,
    admission,
    get isLeaving() {
      return isLeaving;
    },
    async leave(graceMs) {
      isLeaving = true;
      lanes.close(new Failure('HostLeaving', `the GPU worker ${options.name} is shutting down`));
      const leftAtMs = Date.now();
      const untilMs = leftAtMs + graceMs;
      while (Date.now() < untilMs && (lanes.busy > 0 || Date.now() < leftAtMs + turnAwayMs)) await delay(lookMs);
    },
    async close() {
      health.stop();
      warmUp.stop();
      await places.saved();
    },
  };
}
