import { orAbort } from '../or-abort.ts';
import { nowMs, sleepUntil } from '../clock.ts';
import type { LoadRequest } from './inference.ts';

/** A model in memory. */
export interface LoadedModel {
  readonly model: string;
  readonly options: string;
  readonly contextTokens: number;
  readonly generation: number;
  readonly loadedAtMs: number;
  keepAliveMs: number;
  users: number;
  idleSinceMs: number;
}

/** One call's use of a loaded model, which is not unloaded before the release. */
export interface ModelLease {
  /** Another one after each load: what slots remember belongs to one generation. */
  readonly generation: number;
  readonly loadedAtMs: number;
  /** Once. */
  readonly release: () => void;
}

/** The options a runner starts with. A call that leaves one out means the default, which does not reload. */
const RUNNER_DEFAULTS = { num_ctx: 32_768, num_batch: 512, num_gpu: -1, shift: true } as const;
/** Vision models get at least this much context, whatever was asked. */
const MIN_CONTEXT_TOKENS = 2048;

/** Tokens of context that a call with these options gets. */
export function contextTokensOf(request: LoadRequest): number {
  const asked = request.options.num_ctx;
  return Math.max(MIN_CONTEXT_TOKENS, typeof asked === 'number' ? asked : RUNNER_DEFAULTS.num_ctx);
}

/** Which models are in memory. One load at a time; a reload waits until the last call of the model has ended. */
export class LoadedModels {
  readonly #loadMs: number;
  readonly #onLoad: (model: string) => void;
  readonly #loaded = new Map<string, LoadedModel>();
  readonly #loadedAtMs: number[] = [];
  /** The end of the queue of calls that need a load. */
  #lastLoad: Promise<unknown> = Promise.resolve();
  readonly #whenReleased: (() => void)[] = [];

  constructor(loadMs: number, onLoad: (model: string) => void) {
    this.#loadMs = loadMs;
    this.#onLoad = onLoad;
  }

  /** The moment of each load that was finished. */
  get loadedAtMs(): readonly number[] {
    return this.#loadedAtMs;
  }

  list(): LoadedModel[] {
    return [...this.#loaded.values()].filter((each) => !isExpired(each));
  }

  /** Resolves when the model is in memory with the options asked for. Throws the signal's reason when it aborts. */
  async acquire(request: LoadRequest, signal: AbortSignal): Promise<ModelLease> {
    const ready = this.#usable(request);
    if (ready) return this.#lease(ready, request);
    const turn = this.#lastLoad.then(() => this.#load(request, signal));
    this.#lastLoad = turn.catch(() => undefined);
    return orAbort(turn, signal);
  }

  /** Unloads a model at once, or when its last call has ended. */
  unload(model: string): void {
    const loaded = this.#loaded.get(model);
    if (loaded) loaded.keepAliveMs = 0;
  }

  async #load(request: LoadRequest, signal: AbortSignal): Promise<ModelLease> {
    signal.throwIfAborted();
    const ready = this.#usable(request);
    if (ready) return this.#lease(ready, request);
    await this.#untilIdle(request.model, signal);
    this.#loaded.delete(request.model);
    if (this.#loadMs > 0) await sleepUntil(nowMs() + this.#loadMs, signal);
    const loadedAtMs = nowMs();
    this.#loadedAtMs.push(loadedAtMs);
    const loaded: LoadedModel = {
      model: request.model,
      generation: this.#loadedAtMs.length,
      loadedAtMs,
      options: runnerKey(request),
      contextTokens: contextTokensOf(request),
      keepAliveMs: request.keepAliveMs,
      users: 0,
      idleSinceMs: loadedAtMs,
    };
    this.#loaded.set(request.model, loaded);
    this.#onLoad(request.model);
    return this.#lease(loaded, request);
  }

  #usable(request: LoadRequest): LoadedModel | undefined {
    const loaded = this.#loaded.get(request.model);
    return loaded && !isExpired(loaded) && loaded.options === runnerKey(request) ? loaded : undefined;
  }

  #lease(loaded: LoadedModel, request: LoadRequest): ModelLease {
    loaded.users += 1;
    loaded.keepAliveMs = request.keepAliveMs;
    return {
      generation: loaded.generation,
      loadedAtMs: loaded.loadedAtMs,
      release: () => {
        loaded.users -= 1;
        loaded.idleSinceMs = nowMs();
        for (const wake of this.#whenReleased.splice(0)) wake();
      },
    };
  }

  async #untilIdle(model: string, signal: AbortSignal): Promise<void> {
    while ((this.#loaded.get(model)?.users ?? 0) > 0) {
      await orAbort(new Promise<void>((resolve) => this.#whenReleased.push(resolve)), signal);
    }
  }
}

function runnerKey(request: LoadRequest): string {
  const options: Record<string, number | boolean> = { ...RUNNER_DEFAULTS, ...request.options };
  return JSON.stringify(Object.entries({ ...options, num_ctx: contextTokensOf(request) }).sort());
}

function isExpired(loaded: LoadedModel): boolean {
  return loaded.users === 0 && nowMs() >= loaded.idleSinceMs + loaded.keepAliveMs;
}
