import { nowMs } from './clock.ts';

/**
 * How a call ended: `answered` whole, also when cut at the token limit; `refused` with an error status and nothing else;
 * `aborted` by the client; `failed` by us: reset, error line, stream without an end, the server went down.
 */
export type Outcome = 'answered' | 'aborted' | 'refused' | 'failed';

/** One inference call. Times are milliseconds of `nowMs()`; what did not happen (yet) is undefined. */
export interface CallRecord {
  readonly id: number;
  readonly model: string;
  /** Of the first image's bytes. */
  readonly imageSha256: string | undefined;
  readonly promptSha256: string | undefined;
  /** Every text of the conversation, system text included, joined by blank lines. */
  readonly prompt: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly receivedAtMs: number;
  /** When it had its slot, from where its latency counts. */
  readonly startedAtMs: number | undefined;
  readonly firstByteAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly slot: number | undefined;
  /** Its slot did not remember the image, which was encoded anew. */
  readonly encoded: boolean;
  readonly outcome: Outcome | undefined;
  /** HTTP status that was sent, if any. */
  readonly status: number | undefined;
}

export type CallEvent = 'received' | 'started' | 'first-byte' | 'ended' | 'aborted' | 'refused';
export type CallListener = (event: CallEvent, record: CallRecord) => void;

/** All calls since the start, in the order in which they came. */
export class CallBook {
  readonly #calls: Call[] = [];
  readonly #listeners = new Set<CallListener>();

  /** @param receivedAtMs when its first byte came, which may be before its body was complete */
  open(receivedAtMs: number): Call {
    const call = new Call(this.#calls.length + 1, receivedAtMs, (event) => {
      for (const listener of [...this.#listeners]) listener(event, call.record);
    });
    this.#calls.push(call);
    call.tell('received');
    return call;
  }

  records(): CallRecord[] {
    return this.#calls.map((call) => call.record);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: CallListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** The record of one call while it is written. */
export class Call {
  record: CallRecord;
  readonly tell: (event: CallEvent) => void;

  constructor(id: number, receivedAtMs: number, tell: (event: CallEvent) => void) {
    this.tell = tell;
    this.record = {
      id,
      model: '',
      imageSha256: undefined,
      promptSha256: undefined,
      prompt: '',
      messages: [],
      receivedAtMs,
      startedAtMs: undefined,
      firstByteAtMs: undefined,
      endedAtMs: undefined,
      slot: undefined,
      encoded: false,
      outcome: undefined,
      status: undefined,
    };
  }

  describe(what: Pick<CallRecord, 'model' | 'imageSha256' | 'promptSha256' | 'prompt' | 'messages'>): void {
    this.record = { ...this.record, ...what };
  }

  started(how: { readonly slot: number; readonly startedAtMs: number; readonly encoded: boolean }): void {
    this.record = { ...this.record, ...how };
    this.tell('started');
  }

  /** The status line and first bytes went out. */
  sent(status: number): void {
    if (this.record.firstByteAtMs !== undefined) return;
    this.record = { ...this.record, status, firstByteAtMs: nowMs() };
    this.tell('first-byte');
  }

  /** Its time ends with its slot, before the next call's begins: else the two would seem to overlap. */
  leavesSlot(): void {
    this.record = { ...this.record, endedAtMs: nowMs() };
  }

  /** Only the first outcome counts: a connection that closes after the answer is no abort. */
  ended(outcome: Outcome): void {
    if (this.record.outcome) return;
    this.record = { ...this.record, outcome, endedAtMs: this.record.endedAtMs ?? nowMs() };
    this.tell(outcome === 'answered' || outcome === 'failed' ? 'ended' : outcome);
  }
}
