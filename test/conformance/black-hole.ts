import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** A port to which no further connection comes about: whoever tries waits for ever. */
export interface BlackHole {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens, and never comes back to accept: the kernel's short queue is all that takes connections. */
const listener = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** On the same machine a connection that comes about takes no longer. */
const connectedWithinMs = 100;
const mostQueued = 200;

/** Fills the queue of a listener that accepts nothing, until the next connection stays unanswered. */
export async function openBlackHole(): Promise<BlackHole> {
  const worker = new Worker(listener, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const sockets: Socket[] = [];
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  };
  while (sockets.length < mostQueued) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), delay(connectedWithinMs)]);
    if (socket.connecting) return { port, close };
  }
  await close();
  throw new Error(`the queue of port ${port} takes more than ${mostQueued} connections`);
}
