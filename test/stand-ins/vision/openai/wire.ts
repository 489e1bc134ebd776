import type { ModelShelf } from '../engine/models.ts';
import { inferenceHandler, type HandlerParts } from '../inference-handler.ts';
import { passGate } from '../pass-gate.ts';
import type { Route, Wire } from '../router.ts';
import { errorReply } from './problem.ts';
import { readChat } from './requests.ts';
import { streamedAnswer, wholeAnswer } from './writers.ts';

export interface OpenaiParts extends HandlerParts {
  readonly shelf: ModelShelf;
  readonly version: string;
}

/** OpenAI's chat completions, in the dialect of vLLM. */
export function openaiWire(parts: OpenaiParts): Wire {
  const chat: Route = {
    method: 'POST',
    path: '/v1/chat/completions',
    handle: inferenceHandler(parts, {
      read: async (body, { exchange }) => {
        const { request, stream, includeUsage } = readChat(body);
        const start = { exchange, model: request.model };
        return { request, writer: stream ? streamedAnswer({ ...start, includeUsage }) : wholeAnswer(start) };
      },
      errorReply,
    }),
  };
  return [...listingRoutes(parts).map(passGate(parts.gate)), chat];
}

const CREATED_AT_SECONDS = 1_780_272_000;

function listingRoutes({ shelf, version }: OpenaiParts): Wire {
  return [
    {
      method: 'GET',
      path: '/v1/models',
      handle: (exchange) => {
        const data = shelf.list().map(({ name, capabilities }) => ({
          id: name,
          object: 'model',
          created: CREATED_AT_SECONDS,
          owned_by: 'vllm',
          root: name,
          max_model_len: 32_768,
          // said by LM Studio and others, not by vLLM
          capabilities,
        }));
        exchange.json(200, { object: 'list', data });
      },
    },
    { method: 'GET', path: '/version', handle: (exchange) => exchange.json(200, { version }) },
  ];
}
