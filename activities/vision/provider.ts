/**
 * The port to a vision server. Adapters: `ollama`, `openai`, `embedded`.
 *
 * One call is one inference: adapters never retry, never queue and keep no state between calls, so that Temporal's
 * attempts are the only retries there are.
 */
export interface VisionProvider {
  /** What answered, for the E3 field `modelUsed` and the provenance of an answer. */
  readonly kind: ProviderKind;

  /**
   * Asks whether the server is alive. Resolves with what it says of itself.
   *
   * @throws {VisionError} kind `network`, `timeout` or `cancelled`
   */
  health(signal: AbortSignal): Promise<ServerInfo>;

  /**
   * Looks whether the server has a model, and whether that can see. What a server does not tell is taken for granted.
   *
   * @throws {VisionError} kind `model-missing`, whose message says how to get it; `not-supported`: it cannot see; or as
   * `health`
   */
  checkModel(model: string, signal: AbortSignal): Promise<ModelFacts>;

  /**
   * Has the model loaded with the very options of real calls, so that the first of these does not pay for it. Missing
   * where the server holds its model anyway. A large model takes minutes: the signal is the only limit.
   *
   * @throws {VisionError} as `infer`
   */
  warmUp?(model: string, signal: AbortSignal): Promise<void>;

  /**
   * Runs one inference on one image.
   *
   * @param signal aborts in every phase: connect, before the first byte, in mid-stream
   * @throws {VisionError} every failure, classified
   */
  infer(request: InferenceRequest, signal: AbortSignal): Promise<Inference>;
}

export type ProviderKind = 'ollama' | 'openai' | 'embedded';

export interface ServerInfo {
  readonly version?: string;
}

/** What an answer's provenance says beside the model's name. */
export interface ModelFacts {
  /** Of the model's files, hex, where the server tells: a name may be pulled anew and mean other weights. */
  readonly digest?: string;
  /** Where only the list of models tells it. */
  readonly serverVersion?: string;
}

/** One image as a model sees it: auto-oriented, sRGB, no alpha, no metadata; the same bytes for every analysis. */
export interface ImageForModel {
  readonly bytes: Buffer;
  readonly mime: 'image/jpeg';
  /** Pixels of `bytes`, which may be smaller than the original. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the auto-oriented original: the frame of every box that leaves this program. */
  readonly originalWidth: number;
  readonly originalHeight: number;
  /** SHA-256 of `bytes`, hex: equal bytes are what a server's prefix cache recognises. */
  readonly sha256: string;
  readonly variant: 'optimised' | 'greyscale';
}

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface InferenceRequest {
  readonly model: string;
  readonly system: string;
  /** Goes before the text of the first turn, so that the server's prefix cache pays the image once. */
  readonly image: ImageForModel;
  /** Starts with the user's question; a repair adds the bad answer and the correction. */
  readonly turns: readonly Turn[];
  /** JSON Schema of the answer, asked from the server; the caller checks the answer again. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly sampling: Sampling;
  /** What the `embedded` provider computes for this analysis (`embedded:` in the definition); others ignore it. */
  readonly embedded?: string;
  /** The whole inference, from connect to the last byte. */
  readonly timeoutMs: number;
}

export interface Sampling {
  readonly temperature: number;
  readonly seed: number;
  readonly maxTokens: number;
}

export interface Inference {
  /** The model's text, unparsed. */
  readonly text: string;
  /**
   * `length`: cut at maxTokens. `incomplete`: the server ended the stream without saying that it was done. `too-long`: we
   * left it, since the answer grew above `maxBytes`.
   */
  readonly finish: 'stop' | 'length' | 'incomplete' | 'too-long';
  readonly maxBytes?: number;
  readonly model: string;
  readonly usage: {
    readonly promptTokens?: number;
    /** How many of the prompt's the server did not compute again. */
    readonly cachedTokens?: number;
    readonly outputTokens?: number;
  };
  readonly timings: {
    readonly totalMs: number;
    readonly firstByteMs?: number;
    readonly loadMs?: number;
    readonly promptMs?: number;
    readonly outputMs?: number;
  };
}

/**
 * What went wrong, in terms that decide what happens next:
 * `attempt` the same call may be made again, `host` the server is gone and the image goes elsewhere,
 * `analysis` this call can never succeed.
 */
export type VisionErrorScope = 'attempt' | 'host' | 'analysis';

export type VisionErrorKind =
  | 'network'
  | 'timeout'
  | 'cancelled'
  | 'overloaded'
  | 'model-missing'
  | 'runner-died'
  | 'bad-image'
  | 'context-exceeded'
  | 'protocol'
  | 'not-supported'
  | 'dependency-missing';

export class VisionError extends Error {
  override readonly name = 'VisionError';
  readonly kind: VisionErrorKind;
  readonly scope: VisionErrorScope;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: {
      kind: VisionErrorKind;
      scope: VisionErrorScope;
      status?: number;
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.kind = options.kind;
    this.scope = options.scope;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
