import { VisionError, type InferenceRequest, type VisionProvider } from '../provider.ts';
import { withDeadline } from './deadline.ts';
import { DEFAULT_LIMITS, type DetectionLimits } from './detections.ts';
import type { ResolvePackage } from './detector-files.ts';
import { HANDLERS } from './handlers.ts';
import { createSight } from './sight.ts';

export interface EmbeddedOptions {
  /** Detector threads, each one core and about 150 MB while it works. Default 1. */
  readonly threads?: number;
  /** Images whose measurements are remembered. Default 64. */
  readonly cachedImages?: number;
  /** What counts as a detection; what is left out stays at its default. */
  readonly limits?: Partial<DetectionLimits>;
  /** Where the optional packages are looked up. Default: from this file. */
  readonly resolvePackage?: ResolvePackage;
}

/**
 * A vision provider without a server: a small object detector in a thread, and measurements of pixels. It reads no
 * prompt; `request.embedded` says what to compute, and the answer is JSON text as from a model.
 *
 * Nothing is loaded before the first call that needs it. An idle thread does not keep the process alive; `close` ends
 * it at once. Detections and measurements are remembered by the image's sha256; they are facts of the bytes, so this
 * is no state that an attempt could see.
 *
 * @throws {VisionError} from `infer`: `not-supported`, `dependency-missing`, `bad-image` (scope `analysis`);
 *   `cancelled`, `timeout`, `runner-died` (scope `attempt`)
 */
export function createEmbeddedProvider(options: EmbeddedOptions = {}): VisionProvider & { close(): Promise<void> } {
  const sight = createSight({
    threads: options.threads ?? 1,
    cachedImages: options.cachedImages ?? 64,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    resolvePackage: options.resolvePackage,
  });

  return {
    kind: 'embedded',
    async health(signal) {
      const version = await withDeadline(signal, undefined, (within) => sight.detectorVersion(within));
      return { version: `embedded centernet-coco (@vladmandic/human ${version})` };
    },
    // the model of a definition is what a server would load; this provider has its own
    checkModel: async () => ({}),
    async infer(request, signal) {
      const startedMs = performance.now();
      const handler = handlerFor(request);
      const answer = await withDeadline(signal, request.timeoutMs, (within) =>
        handler.answer(sight, request.image, within),
      );
      return {
        text: JSON.stringify(onlyAsked(answer, request.schema)),
        finish: 'stop',
        model: handler.model,
        usage: {},
        timings: { totalMs: performance.now() - startedMs },
      };
    },
    close: () => sight.close(),
  };
}

/** Handlers measure more than every definition asks for, also within lists and objects. */
function onlyAsked(answer: unknown, schema: unknown): unknown {
  const { properties, items } = (schema ?? {}) as { properties?: Readonly<Record<string, unknown>>; items?: unknown };
  if (Array.isArray(answer)) return answer.map((item: unknown) => onlyAsked(item, items));
  if (typeof answer !== 'object' || answer === null || properties === undefined) return answer;
  const asked = Object.entries(answer).filter(([name]) => Object.hasOwn(properties, name));
  return Object.fromEntries(asked.map(([name, value]) => [name, onlyAsked(value, properties[name])]));
}

function handlerFor({ embedded }: InferenceRequest) {
  const handler = Object.entries(HANDLERS).find(([kind]) => kind === embedded)?.[1];
  if (handler) return handler;
  const known = Object.keys(HANDLERS).join(', ');
  throw new VisionError(`embedded: cannot compute "${embedded ?? ''}"; it knows ${known}`, {
    kind: 'not-supported',
    scope: 'analysis',
  });
}
