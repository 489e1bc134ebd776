import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that can vanish from its port and come back to it. */
interface Listener {
  readonly url: string;
  readonly port: number;
  /** Closes the listening socket and destroys every open connection: connects are refused afterwards. */
  down(): Promise<void>;
  /** Listens on the same port again. */
  up(): Promise<void>;
}

/** Above the idle time of common clients, so that no test meets a keep-alive connection closed under its request. */
const KEEP_ALIVE_TIMEOUT_MS = 60_000;

export async function openListener(host: string, port: number, onRequest: RequestListener): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, onRequest);
  const listen = async (onPort: number): Promise<void> => {
    server.listen(onPort, host);
    await once(server, 'listening');
  };
  await listen(port);
  const boundPort = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    async down() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async up() {
      if (!server.listening) await listen(boundPort);
    },
  };
}
