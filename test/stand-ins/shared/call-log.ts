import { appendFileSync } from 'node:fs';
import type { Delivery } from './deliver.ts';
import { describeFault, type FaultAction } from './faults.ts';
import { parseJson, sha256 } from './http.ts';
import type { IncomingCall } from './stand-in-server.ts';

/** What every stand-in writes down about a call. The fields after `fault` are filled when the call has ended. */
export interface CallBasics {
  /** 1 for the first call. */
  readonly number: number;
  /** Arrival, ISO 8601. */
  readonly at: string;
  /** Arrival on the clock of `performance.now()`. */
  readonly monotonicMs: number;
  readonly method: string;
  readonly path: string;
  /** Parsed; the text where it is not JSON; undefined without a body. */
  readonly requestBody: unknown;
  /** Of the bytes as they came. */
  readonly requestSha256: string;
  readonly fault: string | undefined;
  /** The status line that the client was sent; undefined: none (yet). */
  status: number | undefined;
  /** The answer went out whole. */
  delivered: boolean;
  /** Undefined while the call is open. */
  durationMs: number | undefined;
}

export interface CallLog<Details extends object> {
  all(): readonly (CallBasics & Details)[];
  /** Notes a call at its arrival; its record is completed later. */
  arrive(call: IncomingCall, action: FaultAction | undefined, details: Details): CallBasics & Details;
  /** Completes the record and writes its line. */
  finish(record: CallBasics & Details, delivery: Delivery): void;
}

/** @param file where each ended call is appended as one line of JSON. */
export function createCallLog<Details extends object>(file?: string): CallLog<Details> {
  const records: (CallBasics & Details)[] = [];
  return {
    all: () => [...records],
    arrive(call, action, details) {
      const record = { ...basicsOf(call, records.length + 1, action), ...details };
      records.push(record);
      return record;
    },
    finish(record, delivery) {
      Object.assign(record, delivery, { durationMs: performance.now() - record.monotonicMs });
      // Synchronous, so that the line is on the disk even if the process is killed next.
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`);
    },
  };
}

function basicsOf(call: IncomingCall, number: number, action: FaultAction | undefined): CallBasics {
  return {
    number,
    at: new Date().toISOString(),
    monotonicMs: performance.now(),
    method: call.method,
    path: call.path,
    requestBody: call.body.length === 0 ? undefined : (parseJson(call.body) ?? call.body.toString('utf8')),
    requestSha256: sha256(call.body),
    fault: action && describeFault(action),
    status: undefined,
    delivered: false,
    durationMs: undefined,
  };
}
