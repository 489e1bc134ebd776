import { WireProblem } from './problem.ts';

const RUNNER_OPTIONS = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread', 'draft_num_predict', 'use_mmap'];

const KINDS: Readonly<Record<string, 'integer' | 'boolean' | 'float32' | 'array'>> = {
  num_ctx: 'integer',
  num_batch: 'integer',
  num_gpu: 'integer',
  main_gpu: 'integer',
  num_thread: 'integer',
  draft_num_predict: 'integer',
  use_mmap: 'boolean',
  num_keep: 'integer',
  seed: 'integer',
  num_predict: 'integer',
  top_k: 'integer',
  top_p: 'float32',
  min_p: 'float32',
  typical_p: 'float32',
  repeat_last_n: 'integer',
  temperature: 'float32',
  repeat_penalty: 'float32',
  presence_penalty: 'float32',
  frequency_penalty: 'float32',
  stop: 'array',
};

export interface ModelOptions {
  /** What a model is loaded with: a change of one of these loads it again. */
  readonly runner: Readonly<Record<string, number | boolean>>;
  readonly seed: number | undefined;
  readonly maxTokens: number | undefined;
}

/** @throws WireProblem 500, not 400, for an option of the wrong type; unknown options are ignored */
export function readOptions(given: Readonly<Record<string, unknown>>, shift: boolean | null | undefined): ModelOptions {
  const runner: Record<string, number | boolean> = typeof shift === 'boolean' ? { shift } : {};
  for (const [name, value] of Object.entries(given)) {
    const kind = KINDS[name];
    if (!kind || value === null) continue;
    if (!isOfKind(value, kind)) throw new WireProblem(500, `option "${name}" must be of type ${kind}`);
    if (RUNNER_OPTIONS.includes(name)) runner[name] = value as number | boolean;
  }
  const { seed, num_predict: limit } = given;
  return {
    runner,
    seed: typeof seed === 'number' ? seed : undefined,
    maxTokens: typeof limit === 'number' && limit > 0 ? limit : undefined,
  };
}

function isOfKind(value: unknown, kind: 'integer' | 'boolean' | 'float32' | 'array'): boolean {
  if (kind === 'array') return Array.isArray(value);
  return typeof value === (kind === 'boolean' ? 'boolean' : 'number');
}
