import { z } from 'zod';
import { nowMs } from '../clock.ts';
import type { LoadedModel, LoadedModels } from '../engine/loaded-models.ts';
import type { Model, ModelShelf } from '../engine/models.ts';
import type { Exchange } from '../exchange.ts';
import type { Wire } from '../router.ts';
import { parseBody } from './fields.ts';
import { errorReply, WireProblem } from './problem.ts';

export interface ListingParts {
  readonly shelf: ModelShelf;
  readonly loaded: LoadedModels;
  readonly version: string;
}

const MODIFIED_AT = '2026-06-01T00:00:00Z';
const TRAINED_CONTEXT_TOKENS = 128_000;
/** The largest duration of Go: what `keep_alive: -1` shows as. */
const FOR_EVER_MS = 9_223_372_036_854;

const nameSchema = z.object({ model: z.string().default(''), name: z.string().default('') });

/** What a client asks about the server and its models. */
export function listingRoutes({ shelf, loaded, version }: ListingParts): Wire {
  return [
    { method: 'GET', path: '/', handle: (exchange) => exchange.text(200, 'Ollama is running') },
    { method: 'GET', path: '/api/version', handle: (exchange) => exchange.json(200, { version }) },
    {
      method: 'GET',
      path: '/api/tags',
      handle: (exchange) => exchange.json(200, { models: shelf.list().map(tag) }),
    },
    {
      method: 'POST',
      path: '/api/show',
      handle: (exchange) => answerAbout(exchange, (name) => description(shelf.find(name))),
    },
    {
      method: 'POST',
      path: '/api/pull',
      handle: (exchange) =>
        answerAbout(exchange, (name) => {
          shelf.pull(name);
          return { status: 'success' };
        }),
    },
    {
      method: 'GET',
      path: '/api/ps',
      handle: (exchange) => {
        const models = loaded.list().map((each) => running(shelf.find(each.model), each));
        exchange.json(200, { models });
      },
    },
  ];
}

async function answerAbout(exchange: Exchange, reply: (name: string) => Record<string, unknown>): Promise<void> {
  try {
    const { value } = await exchange.jsonBody();
    const body = parseBody(nameSchema, value);
    const name = body.model || body.name;
    if (name === '') throw new WireProblem(400, 'model is required');
    exchange.json(200, reply(name));
  } catch (error) {
    const refusal = errorReply(error);
    if (!refusal) throw error;
    exchange.json(refusal.status, refusal.body);
  }
}

function tag(model: Model): Record<string, unknown> {
  return {
    name: model.name,
    model: model.name,
    modified_at: MODIFIED_AT,
    size: model.sizeBytes,
    digest: model.digest,
    details: details(model),
    capabilities: model.capabilities,
  };
}

function description(model: Model): Record<string, unknown> {
  return {
    modelfile: `FROM ${model.name}`,
    template: '{{ .Prompt }}',
    details: details(model),
    model_info: {
      'general.architecture': model.family,
      [`${model.family}.context_length`]: TRAINED_CONTEXT_TOKENS,
    },
    capabilities: model.capabilities,
    modified_at: MODIFIED_AT,
  };
}

function running(
  model: Model,
  { contextTokens, keepAliveMs, idleSinceMs, users }: LoadedModel,
): Record<string, unknown> {
  const idleMs = users > 0 ? 0 : nowMs() - idleSinceMs;
  return {
    name: model.name,
    model: model.name,
    size: model.sizeBytes,
    digest: model.digest,
    details: details(model),
    expires_at: new Date(Date.now() + Math.min(keepAliveMs, FOR_EVER_MS) - idleMs).toISOString(),
    size_vram: model.sizeBytes,
    context_length: contextTokens,
  };
}

function details(model: Model): Record<string, unknown> {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.family,
    families: [model.family],
    parameter_size: '8B',
    quantization_level: 'Q4_K_M',
  };
}
