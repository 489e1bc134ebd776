import { nowMs } from './clock.ts';
import type { Engine } from './engine/engine.ts';
import type { InferenceEvent, InferenceRequest } from './engine/inference.ts';
import type { Exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { Call, CallBook, Outcome } from './records.ts';

/** How one endpoint of a wire reads requests and writes errors; answers are written by the writer it chooses. */
export interface InferenceEndpoint {
  /**
   * Undefined when the request wants no inference and has been answered.
   *
   * @throws what `errorReply` understands
   */
  readonly read: (body: unknown, arrival: Arrival) => Promise<ReadCall | undefined>;
  /** The reply to whatever was thrown before the first byte; undefined for what nobody expects. */
  readonly errorReply: (error: unknown) => ErrorReply | undefined;
}

export interface Arrival {
  readonly exchange: Exchange;
  /** When the last byte of the request had come. */
  readonly readAtMs: number;
}

export interface ReadCall {
  readonly request: InferenceRequest;
  readonly writer: AnswerWriter;
}

/** Puts the engine's events on the wire. */
export interface AnswerWriter {
  /** @returns the HTTP status as soon as bytes have gone out */
  readonly write: (event: Exclude<InferenceEvent, { kind: 'reset' }>) => number | undefined;
}

export interface ErrorReply {
  readonly status: number;
  /** Sent as JSON; undefined sends an empty body. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface HandlerParts {
  readonly engine: Engine;
  readonly calls: CallBook;
  readonly gate: Gate;
  /** False while the stand-in itself closes connections. */
  readonly isUp: () => boolean;
}

/** Serves inference calls of any wire, and records each of them, however it ends. */
export function inferenceHandler(parts: HandlerParts, endpoint: InferenceEndpoint) {
  return async (exchange: Exchange): Promise<void> => {
    const receivedAtMs = nowMs();
    let call: Call | undefined;
    try {
      const { value, readAtMs } = await exchange.jsonBody();
      const wanted = await endpoint.read(value, { exchange, readAtMs });
      if (!wanted) return;
      call = parts.calls.open(receivedAtMs);
      await parts.gate.pass(exchange.signal);
      call.ended(await answer(parts, { exchange, readAtMs }, wanted, call));
    } catch (error) {
      call ??= parts.calls.open(receivedAtMs);
      if (exchange.isAbandoned) call.ended(parts.isUp() ? 'aborted' : 'failed');
      else call.ended(refuse(exchange, call, endpoint, error));
    }
  };
}

async function answer(
  { engine, gate }: HandlerParts,
  { exchange, readAtMs }: Arrival,
  { request, writer }: ReadCall,
  record: Call,
): Promise<Outcome> {
  const { signal } = exchange;
  for await (const event of engine.infer({ request, record, readyAtMs: readAtMs, signal })) {
    await gate.pass(signal);
    if (event.kind === 'reset') {
      exchange.reset();
      return 'failed';
    }
    const status = writer.write(event);
    if (status !== undefined) record.sent(status);
    if (event.kind === 'end') return 'answered';
  }
  return 'failed';
}

function refuse(exchange: Exchange, call: Call, endpoint: InferenceEndpoint, error: unknown): Outcome {
  if (exchange.hasBegun) {
    exchange.reset();
    return 'failed';
  }
  const reply = endpoint.errorReply(error);
  const { status, body, headers } = reply ?? { status: 500, body: { error: fault(error) } };
  call.sent(status);
  if (body === undefined) exchange.text(status, '', headers);
  else exchange.json(status, body, headers);
  return reply ? 'refused' : 'failed';
}

/** Of a mistake in the stand-in itself: said aloud, so that it is not taken for a scripted one. */
export function fault(error: unknown): string {
  return `fault in the vision stand-in: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
