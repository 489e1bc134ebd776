import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const lookEveryMs = 100;

/**
 * Lets a closing server end as soon as its last answer is out. Node closes only those connections that are idle at that
 * moment: not one whose answer takes a little longer, and not one on which nothing was ever asked, as browsers and
 * undici open them for later. Both would hold the process for a minute.
 */
export function closeIdleConnections(app: FastifyInstance): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    const close = () => {
      app.server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    };
    const timer = setInterval(close, lookEveryMs);
    app.server.once('close', () => clearInterval(timer));
  });
}
