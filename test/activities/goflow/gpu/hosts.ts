import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHost, type Host, type HostOptions } from '../../../../activities/goflow/gpu/host.ts';
import { createMetrics, type Metrics } from '../../../../activities/shared/metrics.ts';
import type { VisionStandInOptions } from '../../../stand-ins/vision/options.ts';
import type { VisionStandIn } from '../../../stand-ins/vision/server.ts';
import { recordingLog, type RecordingLog } from '../../../support/recording-log.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { ollamaStandIn } from '../../vision/inferences.ts';

export interface GpuHost {
  readonly host: Host;
  readonly server: VisionStandIn;
  readonly metrics: Metrics;
  readonly recording: RecordingLog;
}

export interface GpuHostOptions extends Partial<HostOptions> {
  readonly server?: VisionStandInOptions;
}

/** A host over a stand-in of a vision server, once looked at. */
export async function gpuHost({ server: given, ...overrides }: GpuHostOptions = {}): Promise<GpuHost> {
  const { lanes = 1 } = overrides;
  const { server, provider } = await ollamaStandIn({ slots: lanes, ...given });
  const [metrics, recording] = [createMetrics(), recordingLog()];
  const placesFile = join(await temporaryFolder(), 'here.places.json');
  const options = {
    name: 'here',
    lanes,
    stageAhead: 1,
    idlePlaceMs: 60_000,
    neededModels: [],
    placesFile,
    ...overrides,
  };
  const host = await createHost(options, provider, recording.log, metrics);
  await host.health.check();
  onTestFinished(() => host.close());
  return { host, server, metrics, recording };
}
