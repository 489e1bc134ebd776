import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './http.ts';

/** What the client was given. */
export interface Delivery {
  /** The status line that was sent, if any. */
  readonly status: number | undefined;
  /** The whole answer was handed to the connection. */
  readonly delivered: boolean;
}

export const NOTHING: Delivery = { status: undefined, delivered: false };

/** Long enough for the client to read what was sent before the reset throws it away. */
const BEFORE_RESET_MS = 30;
const DRIP_INTERVAL_MS = 100;

/** Waits; false when the signal came first. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** Aborts when the connection of this answer is gone. */
export function connectionClosed(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  if (isGone(response)) closed.abort();
  else response.once('close', () => closed.abort());
  return closed.signal;
}

export async function sendWhole(response: ServerResponse, answer: Answer): Promise<Delivery> {
  if (isGone(response)) return NOTHING;
  writeHead(response, answer);
  const delivered = await new Promise<boolean>((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    response.end(answer.body);
  });
  return { status: answer.status, delivered };
}

/** Status line, headers and half of the body, then a TCP reset. */
export async function sendHalfAndReset(response: ServerResponse, answer: Answer): Promise<Delivery> {
  if (isGone(response)) return NOTHING;
  writeHead(response, answer);
  response.flushHeaders();
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
  await pause(BEFORE_RESET_MS, connectionClosed(response));
  reset(response);
  return { status: answer.status, delivered: false };
}

export async function sendSlowly(response: ServerResponse, answer: Answer, bytesPerSecond: number): Promise<Delivery> {
  if (isGone(response)) return NOTHING;
  const closed = connectionClosed(response);
  const intervalMs = Math.max(DRIP_INTERVAL_MS, 1000 / bytesPerSecond);
  const chunkBytes = Math.max(1, Math.round((bytesPerSecond * intervalMs) / 1000));
  writeHead(response, answer);
  response.flushHeaders();
  for (let start = 0; start < answer.body.length; start += chunkBytes) {
    if (!(await pause(intervalMs, closed))) return { status: answer.status, delivered: false };
    response.write(answer.body.subarray(start, start + chunkBytes));
  }
  response.end();
  return { status: answer.status, delivered: true };
}

export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.socket === null || response.socket.destroyed;
}

function writeHead(response: ServerResponse, answer: Answer): void {
  const length = answer.status === 204 ? {} : { 'content-length': answer.body.length };
  response.writeHead(answer.status, { ...answer.headers, ...length });
}
