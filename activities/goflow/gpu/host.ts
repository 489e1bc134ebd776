import type { Logger } from 'pino';
import { Failure } from '../../shared/failure.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { VisionProvider } from '../../vision/provider.ts';
import { Admission } from './admission.ts';
import { HostHealth } from './host-health.ts';
import { Lanes } from './lanes.ts';
import { Places } from './places.ts';

export interface HostOptions {
  /** Stable: part of the queue name. */
  readonly name: string;
  readonly lanes: number;
  readonly stageAhead: number;
  readonly idlePlaceMs: number;
  readonly placesFile: string;
}

/** One vision server on one GPU machine: its lanes, the images on it, and when it takes the next one. */
export interface Host {
  readonly name: string;
  readonly provider: VisionProvider;
  readonly lanes: Lanes;
  readonly places: Places;
  readonly health: HostHealth;
  readonly admission: Admission;
  /** Takes no more images; what waits for a lane goes elsewhere at once, what runs may end. */
  leave(): void;
  close(): Promise<void>;
}

export const unavailable = (name: string, why = 'does not answer') =>
  new Failure('HostUnavailable', `the vision server of ${name} ${why}`);

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
  const lanes: Lanes = new Lanes(options.lanes, () => wake());
  const places: Places = await Places.open(options.placesFile, log, () => wake());
  const health = new HostHealth(provider, log, () => {
    // what waits for a lane need not find out one by one
    if (!health.isHealthy) lanes.evict(unavailable(options.name));
    admission.wake();
  });
  const admission: Admission = new Admission({
    roomWithoutPermits: () => {
      if (isLeaving || !health.isHealthy) return 0;
      // a few images are made ready while the lanes work, but none while a lane could take one at once
      const ahead = lanes.busy === lanes.total ? options.stageAhead : 0;
      return lanes.total + ahead - places.taken;
    },
    placesTaken: () => places.taken,
    onWaiting: () => places.releaseIdle(options.idlePlaceMs),
  });

  return {
    name: options.name,
    provider,
    lanes,
    places,
    health,
    admission,
    leave() {
      isLeaving = true;
      lanes.close(new Failure('HostLeaving', `the GPU worker ${options.name} is shutting down`));
    },
    async close() {
      health.stop();
      await places.saved();
    },
  };
}
