import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { VisionProvider } from '../../activities/vision/provider.ts';
import { openBlackHole } from './black-hole.ts';
import { assertFailure, type Check, failureOf, never, providerAt } from './check.ts';
import { cancel, type Cancelled, patienceMs, quickly, timeOut } from './leaving.ts';
import { connectTimeoutMs, requestOf, type Subject } from './subject.ts';

/** Asks our provider before a server that takes no connection. */
async function inBlackHole<T>(subject: Subject, ask: (provider: VisionProvider) => Promise<T>): Promise<T> {
  const hole = await openBlackHole();
  try {
    return await ask(providerAt(subject, `http://127.0.0.1:${hole.port}`));
  } finally {
    await hole.close();
  }
}

const cancelInBlackHole = (subject: Subject): Promise<Cancelled> =>
  inBlackHole(subject, async (provider) => {
    const controller = new AbortController();
    const call = provider.infer(await requestOf(subject), controller.signal);
    call.catch(() => undefined);
    await delay(50);
    return { tookMs: await cancel(controller, call) };
  });

const timeOutInBlackHole = (subject: Subject): Promise<string> =>
  inBlackHole(subject, async (provider) => {
    const timeoutMs = 300;
    const tookMs = await timeOut(provider.infer(await requestOf(subject, { timeoutMs }), never()), timeoutMs);
    return `${tookMs} ms of ${timeoutMs} ms`;
  });

/** Before the time of the inference is over: the host is to blame, not the question. */
const giveUpConnecting = (subject: Subject): Promise<string> =>
  inBlackHole(subject, async (provider) => {
    const startedAt = performance.now();
    const failure = await failureOf(provider.infer(await requestOf(subject), never()));
    const tookMs = Math.round(performance.now() - startedAt);
    assertFailure(failure, ['network'], 'host');
    assert.ok(tookMs >= connectTimeoutMs - 5 && tookMs < connectTimeoutMs + patienceMs, `it took ${tookMs} ms`);
    return `${tookMs} ms of ${connectTimeoutMs} ms`;
  });

/** A server that takes the connection and never answers the TLS greeting. */
async function cancelWhileGreeting(subject: Subject): Promise<Cancelled> {
  const sockets = new Set<{ destroy(): void }>();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    const provider = providerAt(subject, `https://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const controller = new AbortController();
    const call = provider.infer(await requestOf(subject), controller.signal);
    call.catch(() => undefined);
    while (sockets.size === 0) await delay(5);
    return { tookMs: await cancel(controller, call) };
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
}

/** Calls that never get as far as a connection. */
export const connectingChecks: readonly Check[] = [
  { name: 'can be cancelled while nobody takes its connection', needs: 'server', run: quickly(cancelInBlackHole) },
  { name: 'can be cancelled while it greets', needs: 'server', run: quickly(cancelWhileGreeting) },
  { name: 'leaves a server that takes no connection when the time is over', needs: 'server', run: timeOutInBlackHole },
  {
    name: 'leaves a server that takes no connection when connecting takes too long',
    needs: 'server',
    run: giveUpConnecting,
  },
];
