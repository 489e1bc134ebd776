import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { apiErrors, type ApiErrorCode } from './api-errors.ts';
import { apiEnvelopeOf } from './errors.ts';

/** `reason` is the parser's own word, such as `Invalid header value char`. */
interface ParserError extends NodeJS.ErrnoException {
  readonly reason?: string;
}

/** What Node cannot read as HTTP never becomes a request; it is answered in the same envelope all the same. */
export function answerClientError(error: ParserError, socket: Socket): void {
  // there is nobody to answer to
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const code: ApiErrorCode = error.code === 'HPE_HEADER_OVERFLOW' ? 'HeadersTooLarge' : 'InvalidRequest';
  const { status, hint } = apiErrors[code];
  const detail = code === 'InvalidRequest' ? `it cannot be read as HTTP: ${error.reason ?? error.message}` : hint;
  const body = JSON.stringify(apiEnvelopeOf(code, detail, randomUUID()));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
