import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LiveConfigState, Reloaded } from '../../config/live-config.ts';
import { recentValue } from '../../config/recent-value.ts';
import type { Backlog } from '../operations/view-backlogs.ts';

const durationSeconds = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Several that scrape cost Temporal no more than one, and none of them waits longer for it. */
const backlogs = { forMs: 5_000, waitAtMostMs: 2_000 };

/**
 * What the API counts, in a registry of its own.
 *
 * @param version of this program, for `gf25_build_info`
 */
export function createApiMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({ name: 'gf25_api_requests_total', help: 'Requests to the API', labelNames, registers });
  const durations = new Histogram({
    name: 'gf25_api_request_duration_seconds',
    help: 'Requests to the API, from first byte to last',
    labelNames,
    buckets: durationSeconds,
    registers,
  });
  new Gauge({ name: 'gf25_build_info', help: 'Always 1', labelNames: ['version', 'node'], registers }).set(
    { version, node: process.version },
    1,
  );
  const reloads = new Counter({
    ...{ name: 'gf25_config_reloads_total', help: 'Configurations that were read anew', registers },
    labelNames: ['outcome'] as const,
  });
  const outcomes: readonly Reloaded['outcome'][] = ['unchanged', 'changed', 'refused'];
  for (const outcome of outcomes) reloads.inc({ outcome }, 0);
  const auditLost = new Counter({
    ...{ name: 'gf25_audit_records_lost_total', help: 'Records of the audit that could not be written', registers },
    labelNames: ['audit'] as const,
  });
  auditLost.inc({ audit: 'operators' }, 0);
  return {
    registry,
    noteReload: ({ outcome }: Pick<Reloaded, 'outcome'>): void => reloads.inc({ outcome }),
    /** What an operator did, and nobody can look up. */
    noteLostRecord: (): void => auditLost.inc({ audit: 'operators' }),
    /** @param count of live streams that are open now */
    watchStreams(count: () => number): void {
      const collect = () => open.set(count());
      const open: Gauge = new Gauge({
        name: 'gf25_api_streams',
        help: 'Live streams that are open',
        registers,
        collect,
      });
    },
    /** @param state of the configuration, under the name and the label that it has in the metrics of workers */
    watchConfiguration(state: () => Pick<LiveConfigState, 'hash' | 'version'>): void {
      const inForce: Gauge = new Gauge({
        name: 'gf25_config_version',
        help: 'Which configuration is in force: 1 at the start',
        labelNames: ['hash'],
        registers,
        collect() {
          const { hash, version } = state();
          // one hash at a time
          inForce.reset();
          inForce.set({ hash: hash.slice(0, 12) }, version);
        },
      });
    },
    /** @param view asks Temporal, when somebody scrapes: what it does not say in time is absent */
    watchBacklogs(view: () => Promise<readonly Backlog[]>): void {
      const recent = recentValue(view, backlogs);
      const waiting: Gauge = new Gauge({
        name: 'gf25_queue_backlog',
        help: 'Tasks that nobody has taken yet, as Temporal estimates it',
        labelNames: ['queue', 'kind'],
        registers,
        async collect() {
          const seen = (await recent()) ?? [];
          waiting.reset();
          for (const { queue, kind, tasks } of seen) waiting.set({ queue, kind }, tasks);
        },
      });
    },
    observe({ method, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
      // the pattern, never the path: ids in labels would have no end
      const labels = { method, route: routeOptions.url ?? 'unknown', status: statusCode };
      requests.inc(labels);
      durations.observe(labels, elapsedTime / 1_000);
    },
  };
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>;
