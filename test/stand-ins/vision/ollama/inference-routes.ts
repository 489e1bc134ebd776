import type { LoadedModels } from '../engine/loaded-models.ts';
import type { ModelShelf } from '../engine/models.ts';
import { inferenceHandler, type Arrival, type HandlerParts, type ReadCall } from '../inference-handler.ts';
import type { Wire } from '../router.ts';
import { errorReply, WireProblem } from './problem.ts';
import { chatText, generateText, loadReply, type TextField } from './replies.ts';
import { readChat, readGenerate, type WireRequest } from './requests.ts';
import { streamedAnswer, wholeAnswer } from './writers.ts';

export interface InferenceParts extends HandlerParts {
  readonly shelf: ModelShelf;
  readonly loaded: LoadedModels;
}

interface Endpoint {
  /** As in `"x" does not support chat`. */
  readonly name: 'chat' | 'generate';
  readonly parse: (body: unknown) => WireRequest;
  readonly text: TextField;
}

const ENDPOINTS: readonly Endpoint[] = [
  { name: 'chat', parse: readChat, text: chatText },
  { name: 'generate', parse: readGenerate, text: generateText },
];

export function inferenceRoutes(parts: InferenceParts): Wire {
  return ENDPOINTS.map((endpoint) => ({
    method: 'POST',
    path: `/api/${endpoint.name}`,
    handle: inferenceHandler(parts, {
      read: (body, arrival) => read(parts, endpoint, body, arrival),
      errorReply,
    }),
  }));
}

/** Calls without messages only load or unload a model. */
async function read(
  parts: InferenceParts,
  endpoint: Endpoint,
  body: unknown,
  { exchange, readAtMs }: Arrival,
): Promise<ReadCall | undefined> {
  const wireRequest = endpoint.parse(body);
  const { request, stream } = wireRequest;
  checkCapabilities(parts, endpoint, wireRequest);
  if (request.messages.length === 0) {
    await loadOnly(parts, endpoint, exchange, wireRequest);
    return undefined;
  }
  const start = { exchange, model: request.model, text: endpoint.text, readAtMs };
  return { request, writer: stream ? streamedAnswer(start) : wholeAnswer(start) };
}

function checkCapabilities({ shelf }: InferenceParts, { name }: Endpoint, wireRequest: WireRequest): void {
  const { model } = wireRequest.request;
  const { capabilities } = shelf.find(model);
  if (!capabilities.includes('completion')) throw new WireProblem(400, `"${model}" does not support ${name}`);
  if (wireRequest.wantsThinking && !capabilities.includes('thinking')) {
    throw new WireProblem(400, `"${model}" does not support thinking`);
  }
}

async function loadOnly(
  { loaded, shelf, gate }: InferenceParts,
  { text }: Endpoint,
  exchange: Arrival['exchange'],
  { request }: WireRequest,
): Promise<void> {
  const { name } = shelf.find(request.model);
  const isUnload = request.load.keepAliveMs === 0;
  if (isUnload) loaded.unload(name);
  else (await loaded.acquire({ ...request.load, model: name }, exchange.signal)).release();
  await gate.pass(exchange.signal);
  exchange.json(200, loadReply(request.model, text, isUnload ? 'unload' : 'load'));
}
