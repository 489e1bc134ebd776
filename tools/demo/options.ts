import { parseArgs } from 'node:util';

export const visions = ['embedded', 'stand-in', 'ollama'] as const;
/** Who answers: the detector inside our worker, a vision server's stand-in, or a real server at `GF25_VISION_URL`. */
export type Vision = (typeof visions)[number];

export interface DemoOptions {
  readonly vision: Vision;
  readonly images: number;
  readonly analyses: number;
  readonly hosts: number;
  /** Inferences at a time, per host. */
  readonly lanes: number;
  /** Of one answer of the stand-in. */
  readonly latencyMs: number;
  /** Stay up after the table. */
  readonly keep: boolean;
}

export const usage = `usage: npm run demo -- [--vision embedded | stand-in | ollama] [--images N] [--analyses M] [--hosts H] [--lanes L]
                       [--latency-ms T] [--keep]

One project from GoFlow's queue to the accepted report, with everything it needs started here and ended afterwards.

  --vision      embedded (default): a small detector inside the worker, real photographs, no server needed
                stand-in: a make-believe vision server, for size and speed: --images 20 --analyses 25
                ollama: a real server at GF25_VISION_URL (default http://127.0.0.1:11434)
  --images      (6) the six photographs, repeated when more are asked for; drawn pictures for the stand-in
  --analyses    (5) object-detection, people-count, colour-palette, image-quality, image-description, then others
  --hosts       (1) GPU hosts, a worker process each    --lanes  inferences at a time per host (2; stand-in 8; ollama 1)
  --latency-ms  (200) of one answer of the stand-in     --keep   stay up afterwards, until Ctrl-C

TEMPORAL_ADDRESS names a running Temporal server to use instead of a new one.
Exit code: 0 the report was accepted, 1 it was not, 2 wrong usage, 130 and 143 ended by a signal.`;

/** A wrong command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Analyses that the embedded provider can compute, as `config/analyses/` defines them. */
const embeddedAnalyses = 5;
const most = { images: 1_000, analyses: 100, hosts: 16, lanes: 256, latencyMs: 600_000 };
const usualLanes: Record<Vision, number> = { embedded: 2, 'stand-in': 8, ollama: 1 };
const usualLatencyMs = 200;

/**
 * Reads the command line.
 *
 * @param args without node and script
 * @returns what to do, or `help`
 * @throws {UsageError} naming the first fault
 */
export function readDemoOptions(args: readonly string[]): DemoOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const vision = visions.find((name) => name === (values.vision ?? 'embedded'));
  if (vision === undefined) throw new UsageError(`--vision: "${values.vision ?? ''}" is none of ${visions.join(', ')}`);
  const options = {
    vision,
    images: countOf('--images', values.images, 6, most.images),
    analyses: countOf('--analyses', values.analyses, embeddedAnalyses, most.analyses),
    hosts: countOf('--hosts', values.hosts, 1, most.hosts),
    lanes: countOf('--lanes', values.lanes, usualLanes[vision], most.lanes),
    latencyMs: countOf('--latency-ms', values['latency-ms'], usualLatencyMs, most.latencyMs, 0),
    keep: values.keep ?? false,
  };
  if (vision === 'embedded' && options.analyses > embeddedAnalyses)
    throw new UsageError(
      `--analyses: the embedded detector knows ${embeddedAnalyses} analyses, not ${options.analyses}; more with --vision stand-in or --vision ollama`,
    );
  if (vision === 'ollama' && options.hosts > 1)
    throw new UsageError('--hosts: GF25_VISION_URL names one server, so one host');
  if (vision !== 'stand-in' && values['latency-ms'] !== undefined)
    throw new UsageError('--latency-ms: only the stand-in can be told how long to take');
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        vision: { type: 'string' },
        images: { type: 'string' },
        analyses: { type: 'string' },
        hosts: { type: 'string' },
        lanes: { type: 'string' },
        'latency-ms': { type: 'string' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function countOf(name: string, text: string | undefined, usual: number, max: number, min = 1): number {
  if (text === undefined) return usual;
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min && count <= max))
    throw new UsageError(`${name}: "${text}" is not a whole number from ${min} to ${max}`);
  return count;
}
