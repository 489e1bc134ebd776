import { nowMs } from '../clock.ts';
import type { Settings } from '../options.ts';
import type { Call } from '../records.ts';
import type { Script, ScriptAction } from '../script.ts';
import { readConversation, type Conversation } from './conversation.ts';
import { ImageInspector } from './images.ts';
import type { InferenceEvent, InferenceRequest, LoadRequest } from './inference.ts';
import { contextTokensOf, type LoadedModels } from './loaded-models.ts';
import type { Model, ModelShelf } from './models.ts';
import { performAnswer } from './perform.ts';
import { planAnswer } from './plan.ts';
import { Refusal } from './refusal.ts';
import type { SlotLease, Slots } from './slots.ts';
import { dropOldest, imageTokens, type PromptTokens, textTokens } from './tokens.ts';

export interface EngineParts {
  readonly settings: Pick<Settings, 'latencyMs' | 'encodeMs' | 'maxQueue' | 'seed'>;
  readonly shelf: ModelShelf;
  readonly loaded: LoadedModels;
  readonly slots: Slots;
  readonly script: Script;
}

/** A call that a wire hands over. */
export interface InferenceCall {
  readonly request: InferenceRequest;
  readonly record: Call;
  /** When its last byte had come, from where its latency counts if a slot is free. */
  readonly readyAtMs: number;
  /** Aborts when the client leaves; the slot is free at once. */
  readonly signal: AbortSignal;
}

interface Question {
  readonly conversation: Conversation;
  readonly tokens: PromptTokens;
  readonly load: LoadRequest;
}

interface Place {
  readonly slot: SlotLease;
  readonly loadMs: number;
  readonly release: () => void;
}

/** Answers calls as a vision server with so many slots does, without a model. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #images = new ImageInspector();
  #waiting = 0;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /**
   * Runs one call. Ending the iteration early frees everything the call holds.
   *
   * @throws {Refusal} before the first event
   * @throws the signal's reason when the client leaves
   */
  async *infer(call: InferenceCall): AsyncGenerator<InferenceEvent, void, undefined> {
    const model = this.#parts.shelf.find(call.request.model);
    const load = { ...call.request.load, model: model.name };
    const conversation = this.#read(call, model);
    const action = this.#parts.script.take({ ...conversation, model: call.request.model });
    if (action?.kind === 'status') {
      throw new Refusal({ kind: 'scripted', status: action.status, error: action.error, headers: action.headers });
    }
    if (action?.kind === 'reset' && action.phase === 'before-headers') {
      yield { kind: 'reset' };
      return;
    }
    const tokens = await this.#countTokens(conversation, model, contextTokensOf(load));
    const place = await this.#findPlace(call, { conversation, tokens, load });
    try {
      yield* this.#answer(call, { conversation, tokens, load }, place, action);
    } finally {
      place.release();
    }
  }

  #read({ request, record }: InferenceCall, model: Model): Conversation {
    const messages = request.mayDropOldest
      ? dropOldest(request.messages, contextTokensOf(request.load))
      : request.messages;
    const conversation = readConversation(model.name, messages);
    const { imageSha256, promptSha256, prompt, messages: texts } = conversation;
    record.describe({ model: request.model, imageSha256, promptSha256, prompt, messages: texts });
    return conversation;
  }

  async #countTokens(conversation: Conversation, model: Model, contextTokens: number): Promise<PromptTokens> {
    const { images, prompt } = conversation;
    if (images.length > 0 && !model.capabilities.includes('vision')) throw new Refusal({ kind: 'vision-unsupported' });
    const sizes = await Promise.all(images.map((image) => this.#images.inspect(image)));
    const ofImages = sizes.reduce((sum, size) => sum + imageTokens(size), 0);
    const all = ofImages + textTokens(prompt);
    if (all > contextTokens) throw new Refusal({ kind: 'context-exceeded', promptTokens: all, contextTokens });
    return { all, ofImages };
  }

  /** Waits for the model, then for a slot. */
  async #findPlace(call: InferenceCall, { conversation, load }: Question): Promise<Place> {
    const { loaded, slots } = this.#parts;
    this.#refuseWhenCrowded();
    this.#waiting += 1;
    try {
      const model = await loaded.acquire(load, call.signal);
      const loadMs = nowMs() - call.readyAtMs;
      const prefix = conversation.prefix && `${model.generation}:${conversation.prefix}`;
      const readyAtMs = Math.max(call.readyAtMs, model.loadedAtMs);
      const slot = await slots.acquire({ prefix, readyAtMs, signal: call.signal }).catch((error: unknown) => {
        model.release();
        throw error;
      });
      const release = (): void => {
        call.record.leavesSlot();
        slot.release();
        model.release();
      };
      return { slot, loadMs, release };
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Calls that wait will take the slots that are free; only those behind them stand in the queue. */
  #refuseWhenCrowded(): void {
    const { slots, settings } = this.#parts;
    if (this.#waiting - slots.freeCount >= settings.maxQueue) throw new Refusal({ kind: 'busy' });
  }

  async *#answer(
    { request, record, signal }: InferenceCall,
    { conversation, tokens }: Question,
    { slot, loadMs }: Place,
    action: ScriptAction | undefined,
  ): AsyncGenerator<InferenceEvent, void, undefined> {
    const { slot: index, startedAtMs, encoded } = slot;
    record.started({ slot: index, startedAtMs, encoded });
    const { settings } = this.#parts;
    const [image] = conversation.images;
    const look = image && typeof request.schema === 'object' ? await this.#images.look(image) : undefined;
    const plan = planAnswer({ request, conversation, look, action, settings, encoded });
    yield* performAnswer({ plan, slot, loadMs, tokens, signal });
  }
}
