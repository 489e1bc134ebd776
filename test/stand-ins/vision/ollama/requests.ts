import { z } from 'zod';
import { decodeImage } from '../base64-images.ts';
import type { InferenceRequest, JsonSchema, Message, Part } from '../engine/inference.ts';
import { keepAliveMs, parseBody } from './fields.ts';
import { readOptions } from './options.ts';
import { WireProblem } from './problem.ts';

const imagesSchema = z.array(z.string()).nullish();

const commonFields = {
  model: z.string().default(''),
  stream: z.boolean().nullish(),
  format: z.unknown().optional(),
  options: z.record(z.string(), z.unknown()).nullish(),
  keep_alive: z.union([z.number(), z.string()]).nullish(),
  think: z.union([z.boolean(), z.string()]).nullish(),
  truncate: z.boolean().nullish(),
  shift: z.boolean().nullish(),
};

const chatSchema = z.object({
  ...commonFields,
  messages: z.array(z.object({ role: z.string(), content: z.string().default(''), images: imagesSchema })).nullish(),
});

const generateSchema = z.object({
  ...commonFields,
  prompt: z.string().default(''),
  system: z.string().default(''),
  images: imagesSchema,
});

type CommonFields = Omit<z.output<typeof chatSchema>, 'messages'>;

/** A call of /api/chat or /api/generate. Without messages it only loads or unloads the model. */
export interface WireRequest {
  readonly request: InferenceRequest;
  readonly stream: boolean;
  readonly wantsThinking: boolean;
}

/** @throws WireProblem */
export function readChat(body: unknown): WireRequest {
  const { messages, ...common } = parseBody(chatSchema, body);
  return read(
    common,
    (messages ?? []).map(({ role, content, images }) => message(role.toLowerCase(), content, images ?? [])),
  );
}

/** @throws WireProblem */
export function readGenerate(body: unknown): WireRequest {
  const { prompt, system, images, ...common } = parseBody(generateSchema, body);
  if (prompt === '') return read(common, []);
  return read(common, [...(system ? [message('system', system, [])] : []), message('user', prompt, images ?? [])]);
}

function read(fields: CommonFields, messages: readonly Message[]): WireRequest {
  if (fields.model === '') throw new WireProblem(400, 'model is required');
  const options = readOptions(fields.options ?? {}, fields.shift);
  return {
    stream: fields.stream ?? true,
    wantsThinking: typeof fields.think === 'string' || fields.think === true,
    request: {
      model: fields.model,
      messages,
      schema: readFormat(fields.format),
      maxTokens: options.maxTokens,
      seed: options.seed,
      load: { model: fields.model, options: options.runner, keepAliveMs: keepAliveMs(fields.keep_alive) },
      mayDropOldest: fields.truncate ?? true,
    },
  };
}

/** Images come before the text of their message, unless the text says `[img]` where they belong. */
function message(role: string, text: string, images: readonly string[]): Message {
  const pictures = images.map((image): Part => ({ kind: 'image', ...decodeImage(image) }));
  const mark = pictures.length > 0 ? text.indexOf('[img]') : -1;
  const before: Part[] = mark > 0 ? [{ kind: 'text', text: text.slice(0, mark) }] : [];
  return { role, parts: [...before, ...pictures, { kind: 'text', text: text.slice(Math.max(0, mark)) }] };
}

function readFormat(format: unknown): JsonSchema | 'json' | undefined {
  if (format === undefined || format === null || format === '') return undefined;
  if (format === 'json') return 'json';
  if (typeof format === 'object' && !Array.isArray(format)) return format as JsonSchema;
  throw new WireProblem(
    400,
    `invalid format: ${JSON.stringify(JSON.stringify(format))}; expected "json" or a valid JSON Schema object`,
  );
}
