import type { ModelDefinition } from './engine/models.ts';

/** How long one answer takes once it has a slot: always the same, or drawn from a log-normal distribution. */
export type Latency = number | { readonly meanMs: number; readonly sigma: number };

export interface VisionStandInOptions {
  /** 0 takes a free one. (Default: 0) */
  readonly port?: number;
  /** (Default: 127.0.0.1) */
  readonly host?: string;
  /** Inferences at the same time, all models together; like OLLAMA_NUM_PARALLEL with one model. (Default: 1) */
  readonly slots?: number;
  /** From the moment a call has a slot to its last byte, image encoding excepted. (Default: 0) */
  readonly latencyMs?: Latency;
  /** Extra time of an answer whose image the slot does not remember. (Default: 0) */
  readonly encodeMs?: number;
  /** Time to load a model, at its first call, after expiry and when its runner options change. (Default: 0) */
  readonly loadMs?: number;
  /** (Default: two vision models and one without) */
  readonly models?: readonly ModelDefinition[] | undefined;
  /** Names that are not in `models` are vision models too; false answers them with 404. (Default: true) */
  readonly acceptAnyModel?: boolean;
  /** What GET /api/version says. (Default: 0.33.0) */
  readonly version?: string | undefined;
  /** Another seed gives other answers and other latencies. (Default: 0) */
  readonly seed?: number;
  /**
   * Calls that may wait for a load or a slot before the next one gets 503. The real server bounds only those that wait
   * for a load; here the bound holds for both, so that a test can provoke a 503 by crowding. (Default: 512)
   */
  readonly maxQueue?: number;
  /** JSON lines, one per event, appended. */
  readonly logFile?: string | undefined;
}

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly slots: number;
  readonly latencyMs: Latency;
  readonly encodeMs: number;
  readonly loadMs: number;
  readonly models: readonly ModelDefinition[] | undefined;
  readonly acceptAnyModel: boolean;
  readonly version: string;
  readonly seed: number;
  readonly maxQueue: number;
  readonly logFile: string | undefined;
}

/** @throws RangeError for numbers that make no sense, so that a typing error does not become a strange test */
export function settingsOf(options: VisionStandInOptions): Settings {
  const settings: Settings = {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    slots: options.slots ?? 1,
    latencyMs: options.latencyMs ?? 0,
    encodeMs: options.encodeMs ?? 0,
    loadMs: options.loadMs ?? 0,
    models: options.models,
    acceptAnyModel: options.acceptAnyModel ?? true,
    version: options.version ?? '0.33.0',
    seed: options.seed ?? 0,
    maxQueue: options.maxQueue ?? 512,
    logFile: options.logFile,
  };
  if (!Number.isInteger(settings.slots) || settings.slots < 1) throw new RangeError('slots: a whole number from 1');
  const { port, encodeMs, loadMs, maxQueue, latencyMs } = settings;
  const { meanMs, sigma } = typeof latencyMs === 'number' ? { meanMs: latencyMs, sigma: 0 } : latencyMs;
  for (const [name, value] of Object.entries({ port, encodeMs, loadMs, maxQueue, meanMs, sigma })) {
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name}: a number from 0, not ${value}`);
  }
  return settings;
}
