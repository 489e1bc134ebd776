import { nowMs } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { LoadedModels } from '../engine/loaded-models.ts';
import type { ModelShelf } from '../engine/models.ts';
import type { Exchange } from '../exchange.ts';
import type { Gate } from '../gate.ts';
import type { Call, CallBook, Outcome } from '../records.ts';
import type { Wire } from '../router.ts';
import { badJson } from './fields.ts';
import { errorReply, WireProblem, type ErrorReply } from './problem.ts';
import { chatText, generateText, loadReply, type TextField } from './replies.ts';
import { readChat, readGenerate, type WireRequest } from './requests.ts';
import { streamedAnswer, wholeAnswer } from './writers.ts';

export interface InferenceParts {
  readonly engine: Engine;
  readonly calls: CallBook;
  readonly shelf: ModelShelf;
  readonly loaded: LoadedModels;
  readonly gate: Gate;
  /** False while the stand-in itself closes connections. */
  readonly isUp: () => boolean;
}

interface Endpoint {
  /** As in `"x" does not support chat`. */
  readonly name: 'chat' | 'generate';
  readonly read: (body: unknown) => WireRequest;
  readonly text: TextField;
}

const ENDPOINTS: readonly Endpoint[] = [
  { name: 'chat', read: readChat, text: chatText },
  { name: 'generate', read: readGenerate, text: generateText },
];

export function inferenceRoutes(parts: InferenceParts): Wire {
  return ENDPOINTS.map((endpoint) => ({
    method: 'POST',
    path: `/api/${endpoint.name}`,
    handle: (exchange) => handle(parts, endpoint, exchange),
  }));
}

/** Calls without messages only load or unload a model; all others are recorded. */
async function handle(parts: InferenceParts, endpoint: Endpoint, exchange: Exchange): Promise<void> {
  const receivedAtMs = nowMs();
  let call: Call | undefined;
  try {
    const { value, readAtMs } = await exchange.jsonBody();
    const wireRequest = endpoint.read(value);
    checkCapabilities(parts, endpoint, wireRequest);
    if (wireRequest.request.messages.length === 0) {
      await loadOnly(parts, endpoint, exchange, wireRequest);
      return;
    }
    call = parts.calls.open(receivedAtMs);
    await parts.gate.pass(exchange.signal);
    call.ended(await answer({ parts, endpoint, exchange, call, readAtMs, ...wireRequest }));
  } catch (error) {
    call ??= parts.calls.open(receivedAtMs);
    call.ended(exchange.isAbandoned ? (parts.isUp() ? 'aborted' : 'failed') : refuse(exchange, call, error));
  }
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
  exchange: Exchange,
  { request }: WireRequest,
): Promise<void> {
  const { name } = shelf.find(request.model);
  const isUnload = request.load.keepAliveMs === 0;
  if (isUnload) loaded.unload(name);
  else (await loaded.acquire({ ...request.load, model: name }, exchange.signal)).release();
  await gate.pass(exchange.signal);
  exchange.json(200, loadReply(request.model, text, isUnload ? 'unload' : 'load'));
}

async function answer(
  input: WireRequest & {
    readonly parts: InferenceParts;
    readonly endpoint: Endpoint;
    readonly exchange: Exchange;
    readonly call: Call;
    readonly readAtMs: number;
  },
): Promise<Outcome> {
  const { parts, endpoint, exchange, call, request, readAtMs: readyAtMs } = input;
  const start = { exchange, model: request.model, text: endpoint.text, readyAtMs };
  const writer = input.stream ? streamedAnswer(start) : wholeAnswer(start);
  const events = parts.engine.infer({ request, record: call, readyAtMs, signal: exchange.signal });
  for await (const event of events) {
    await parts.gate.pass(exchange.signal);
    if (event.kind === 'reset') {
      exchange.reset();
      return 'failed';
    }
    const status = writer.write(event);
    if (status !== undefined) call.sent(status);
    if (event.kind === 'end') return 'answered';
  }
  return 'failed';
}

/** Answers what was thrown before the first byte. */
function refuse(exchange: Exchange, call: Call, error: unknown): Outcome {
  const reply = errorReply(error instanceof SyntaxError ? badJson(error) : error);
  send(exchange, call, reply ?? { status: 500, error: `fault in the vision stand-in: ${String(error)}` });
  return reply ? 'refused' : 'failed';
}

function send(exchange: Exchange, call: Call, { status, error, headers }: ErrorReply): void {
  call.sent(status);
  if (error === undefined) exchange.text(status, '', headers);
  else exchange.json(status, { error }, headers);
}
