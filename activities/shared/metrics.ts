import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const latencySeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What this program counts. One registry per process, given in: nothing global. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `gf25_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram({ name: `gf25_${name}`, help, labelNames, registers, buckets: latencySeconds });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `gf25_${name}`, help, labelNames, registers });

  return {
    registry,
    jobs: counter('jobs_total', 'Jobs from GoFlow', ['outcome']),
    goflowCalls: histogram('goflow_call_seconds', 'Calls to GoFlow', ['endpoint', 'outcome']),
    goflowRetries: counter('goflow_retries_total', 'Calls to GoFlow that are made again', ['endpoint', 'reason']),
    goflowUnauthorized: counter('goflow_unauthorized_total', 'Calls that GoFlow refused with 401 or 403', []),
    auditLost: counter('audit_records_lost_total', 'Records of the audit that could not be written', ['audit']),
    combinations: counter('combinations_total', 'Combinations by outcome', ['outcome']),
    downloads: histogram('image_download_seconds', 'Image downloads', ['outcome']),
    imageCache: counter('image_cache_total', 'Looks into the image cache, evictions and disk faults', ['outcome']),
    imageCacheUsable: gauge('image_cache_usable', '0 while the disk does not take the image cache', []),
    laneWait: histogram('lane_wait_seconds', 'Wait of an analysis for a lane', []),
    inferences: histogram('inference_seconds', 'Inferences', ['outcome']),
    tokens: counter('tokens_total', 'Tokens of accepted analyses, repairs included', ['kind']),
    qaTime: histogram('qa_seconds', 'QA of one combination, without the model', []),
    qaVerdicts: counter('qa_verdicts_total', 'QA verdicts', ['stage', 'verdict']),
    qaIssues: counter('qa_issues_total', 'Faults that QA found in answers', ['stage', 'rule', 'action']),
    coordinateScale: gauge('coordinate_scale_suspected', '1 for a model whose boxes look like another unit or order', [
      'model',
    ]),
    lanesBusy: gauge('lanes_busy', 'Lanes at work', []),
    places: gauge('places_taken', 'Images staged on this host', []),
    configVersion: gauge('config_version', 'Which configuration is in force: 1 at the start', ['hash']),
    configReloads: counter('config_reloads_total', 'Configurations that were read anew', ['outcome']),
    buildInfo: gauge('build_info', 'Always 1', ['version', 'node']),
    announcements: counter('announcements_total', 'Notifications', ['channel', 'outcome']),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
