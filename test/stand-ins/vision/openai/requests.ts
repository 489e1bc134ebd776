import { z } from 'zod';
import { decodeImage } from '../base64-images.ts';
import type { InferenceRequest, JsonSchema, Message, Part } from '../engine/inference.ts';
import { BadRequest } from './problem.ts';

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(partSchema)]) })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  seed: z.int().nullish(),
});

export interface ChatCall {
  readonly request: InferenceRequest;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** @throws BadRequest, ZodError, BadBase64 */
export function readChat(body: unknown): ChatCall {
  const { model, messages, ...more } = chatSchema.parse(body);
  return {
    stream: more.stream ?? false,
    includeUsage: more.stream_options?.include_usage ?? false,
    request: {
      model,
      messages: messages.map(({ role, content }): Message => ({ role, parts: partsOf(content) })),
      schema: schemaOf(more.response_format),
      maxTokens: more.max_completion_tokens ?? more.max_tokens ?? undefined,
      seed: more.seed ?? undefined,
      // such a server has its model in memory, with the options it was started with
      load: { model, options: {}, keepAliveMs: Infinity },
      mayDropOldest: false,
    },
  };
}

function partsOf(content: string | readonly z.output<typeof partSchema>[]): readonly Part[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return content.map((part) =>
    part.type === 'text' ? { kind: 'text', text: part.text } : { kind: 'image', ...imageOf(part.image_url.url) },
  );
}

/** Only data URIs: nothing is fetched for a client here. */
function imageOf(url: string) {
  const start = /^data:image\/[a-z]+;base64,/.exec(url.slice(0, 40))?.[0];
  if (start === undefined) throw new BadRequest('The URL must be a data URI of an image in base64');
  return decodeImage(url.slice(start.length));
}

function schemaOf(format: z.output<typeof chatSchema>['response_format']): JsonSchema | 'json' | undefined {
  if (format?.type === 'json_schema') return format.json_schema.schema;
  return format?.type === 'json_object' ? 'json' : undefined;
}
