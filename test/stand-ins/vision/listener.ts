import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than any pause between two calls of a client: reconnects would only add noise to measurements. */
const KEEP_ALIVE_MS = 120_000;

/** A listening socket that can be closed and opened again on the same port. */
export class Listener {
  readonly #onRequest: RequestListener;
  readonly #host: string;
  #port: number;
  #server: Server | undefined;

  constructor(address: { readonly host: string; readonly port: number }, onRequest: RequestListener) {
    this.#onRequest = onRequest;
    this.#host = address.host;
    this.#port = address.port;
  }

  get port(): number {
    return this.#port;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** @throws when the port is taken */
  async open(): Promise<void> {
    if (this.#server) return;
    // A stand-in for slow machines: it never gives up on a client by itself.
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS }, this.#onRequest);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses new connections and destroys the open ones. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
