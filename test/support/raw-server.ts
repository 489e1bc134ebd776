import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawServer {
  readonly url: string;
  /** Heads of the requests so far. */
  readonly requests: readonly string[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  readonly server: Server;
}

/**
 * A server below HTTP, for one test: each request is answered by hand, byte by byte.
 *
 * @param answer called when the head of a request has come
 */
export async function rawServer(answer: (socket: Socket, head: string, index: number) => void): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = '';
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      received += data.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end);
        const bodyBytes = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (received.length < end + 4 + bodyBytes) return;
        received = received.slice(end + 4 + bodyBytes);
        requests.push(head);
        answer(socket, head, requests.length - 1);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, sockets, server };
}

/** A whole answer. */
export const httpAnswer = (
  status: number,
  body = '',
  headers: Readonly<Record<string, string | number>> = {},
): string =>
  [
    `HTTP/1.1 ${status} Whatever`,
    ...Object.entries({ 'content-length': Buffer.byteLength(body), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n');
