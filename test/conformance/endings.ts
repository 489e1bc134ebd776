import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScriptAction } from '../stand-ins/vision/script.ts';
import { assertFailure, type Check, failureOf, millisecondsOf, never, providerAt, standInOf } from './check.ts';
import { requestOf, type Subject } from './subject.ts';

/** The requirement is 200 ms; a machine that is busy with other tests may need more. */
const patienceMs = 2_000;

/** Calls that are given up, by us or because the time is over. */
export const endingChecks: readonly Check[] = [
  {
    name: 'makes no call that was cancelled before',
    needs: 'provider',
    async run(subject) {
      assertFailure(await failureOf(subject.provider.infer(await requestOf(subject), AbortSignal.abort())), [
        'cancelled',
      ]);
      assertFailure(await failureOf(subject.provider.health(AbortSignal.abort())), ['cancelled']);
      assert.equal(subject.standIn?.calls().length ?? 0, 0);
      return 'cancelled';
    },
  },
  { name: 'can be cancelled while it connects', needs: 'server', run: cancelWhileConnecting },
  { name: 'can be cancelled at work', needs: 'provider', run: cancelAtWork },
  {
    name: 'can be cancelled before the first byte',
    needs: 'stand-in',
    run: (subject) => cancelIn(subject, 'before-headers'),
  },
  { name: 'can be cancelled in mid-stream', needs: 'stand-in', run: (subject) => cancelIn(subject, 'mid-stream') },
  {
    name: 'can be cancelled in mid-answer, and the server serves the next call',
    needs: 'server',
    run: cancelInMidAnswer,
  },
  {
    name: 'leaves a server that says nothing when the time is over',
    needs: 'stand-in',
    run: (subject) => timeOutIn(subject, 'before-headers'),
  },
  {
    name: 'leaves a server that stops in mid-stream when the time is over',
    needs: 'stand-in',
    run: (subject) => timeOutIn(subject, 'mid-stream'),
  },
  {
    name: 'keeps to its time',
    needs: 'provider',
    async run(subject) {
      const timeoutMs = 1;
      assertFailure(
        await failureOf(subject.provider.infer(await requestOf(subject, { timeoutMs }), never())),
        ['timeout'],
        'attempt',
      );
      return 'timeout after 1 ms';
    },
  },
  {
    name: 'leaves nothing behind at the signal',
    needs: 'provider',
    async run(subject) {
      const { signal } = new AbortController();
      let listeners = 0;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listeners += 1;
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listeners -= 1;
        removeEventListener.apply(signal, args);
      };
      await subject.provider.infer(await requestOf(subject), signal);
      assert.equal(listeners, 0);
      return 'no listeners';
    },
  },
];

/** @returns milliseconds from the cancellation until the call has ended */
async function cancel(controller: AbortController, call: Promise<unknown>): Promise<number> {
  const failure = failureOf(call);
  const elapsedMs = millisecondsOf(failure);
  controller.abort(new Error('the test cancels'));
  assertFailure(await failure, ['cancelled'], 'attempt');
  const tookMs = await elapsedMs;
  assert.ok(tookMs < patienceMs, `it took ${tookMs} ms`);
  return tookMs;
}

/** A server that takes the connection and never answers the TLS greeting: the connection is not there yet. */
async function cancelWhileConnecting(subject: Subject): Promise<string> {
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
    return `${await cancel(controller, call)} ms`;
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
}

async function cancelAtWork(subject: Subject): Promise<string> {
  const controller = new AbortController();
  const call = subject.provider.infer(await requestOf(subject), controller.signal);
  call.catch(() => undefined);
  // what is sent takes a turn or two of the event loop
  await delay(1);
  return `${await cancel(controller, call)} ms`;
}

async function cancelIn(subject: Subject, phase: 'before-headers' | 'mid-stream'): Promise<string> {
  const standIn = standInOf(subject);
  standIn.script.add({ action: { kind: 'hang', phase } });
  const controller = new AbortController();
  const call = subject.provider.infer(await requestOf(subject), controller.signal);
  call.catch(() => undefined);
  await standIn.waitFor(
    ([first]) => (phase === 'mid-stream' ? first?.firstByteAtMs : first?.startedAtMs) !== undefined,
  );
  const startedAt = performance.now();
  const tookMs = await cancel(controller, call);
  await standIn.waitFor(([first]) => first?.outcome === 'aborted', { timeoutMs: patienceMs });
  return `${tookMs} ms, at the server ${Math.round(performance.now() - startedAt)} ms`;
}

/** Of a real server: between the first byte and the end of an answer that was given before. */
async function cancelInMidAnswer(subject: Subject): Promise<string> {
  const request = await requestOf(subject);
  const { timings } = await subject.provider.infer(request, never());
  const { totalMs, firstByteMs = 0 } = timings;
  const controller = new AbortController();
  const call = subject.provider.infer(request, controller.signal);
  const outcome = call.catch(() => undefined);
  const untilMs = firstByteMs + (totalMs - firstByteMs) / 2;
  if (totalMs - firstByteMs < 20) {
    await outcome;
    return `answers within ${Math.round(totalMs)} ms: too quick to be cancelled in between`;
  }
  await delay(untilMs);
  const tookMs = await cancel(controller, call);
  const nextMs = await millisecondsOf(subject.provider.infer(request, never()));
  return `${tookMs} ms after ${Math.round(untilMs)} of ${Math.round(totalMs)} ms; the next call took ${nextMs} ms`;
}

async function timeOutIn(subject: Subject, phase: 'before-headers' | 'mid-stream'): Promise<string> {
  const standIn = standInOf(subject);
  const action: ScriptAction = { kind: 'hang', phase };
  standIn.script.add({ action });
  const timeoutMs = 300;
  const startedAt = performance.now();
  const failure = await failureOf(subject.provider.infer(await requestOf(subject, { timeoutMs }), never()));
  const tookMs = Math.round(performance.now() - startedAt);
  assertFailure(failure, ['timeout'], 'attempt');
  assert.ok(tookMs >= timeoutMs - 5 && tookMs < timeoutMs + patienceMs, `it took ${tookMs} ms`);
  await standIn.waitFor(([first]) => first?.outcome === 'aborted', { timeoutMs: patienceMs });
  return `${tookMs} ms`;
}
