/**
 * The port between the wires and the engine. A wire (Ollama's, OpenAI's) turns its HTTP body into an
 * `InferenceRequest` and the engine's events into bytes; the engine knows no wire.
 */
export interface InferenceRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  /** A JSON Schema the answer must obey, `json` for any JSON, undefined for prose. */
  readonly schema: JsonSchema | 'json' | undefined;
  /** The answer is cut here, with finish `length`. */
  readonly maxTokens: number | undefined;
  /** Sampling seed: another one gives another answer. */
  readonly seed: number | undefined;
  readonly load: LoadRequest;
  /** Oldest messages may be dropped, silently, when the conversation is longer than the context. */
  readonly mayDropOldest: boolean;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Message {
  readonly role: string;
  /** In the order in which the model sees them: the prefix cache depends on it. */
  readonly parts: readonly Part[];
}

export type Part = { readonly kind: 'text'; readonly text: string } | ({ readonly kind: 'image' } & Image);

export interface Image {
  readonly bytes: Buffer;
  /** Of the bytes, hex: what slots recognise an image by. */
  readonly sha256: string;
}

/** How the model must be loaded. Different options mean that it is loaded again. */
export interface LoadRequest {
  readonly model: string;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly keepAliveMs: number;
}

/** What the engine does to a call, in order: pieces, then one of the others, or nothing more after a `reset`. */
export type InferenceEvent =
  | { readonly kind: 'piece'; readonly text: string }
  | { readonly kind: 'end'; readonly finish: 'stop' | 'length'; readonly usage: Usage; readonly timings: Timings }
  /** The answer stops here, without an error and without being done. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'error' }
  /** The connection is torn. */
  | { readonly kind: 'reset' };

export interface Usage {
  readonly promptTokens: number;
  /** How many of them the slot remembered: those of the image. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export interface Timings {
  readonly loadMs: number;
  readonly promptMs: number;
  readonly outputMs: number;
}
