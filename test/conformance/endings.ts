import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScriptAction } from '../stand-ins/vision/script.ts';
import { assertFailure, type Check, failureOf, millisecondsOf, never, standInOf } from './check.ts';
import { cancel, type Cancelled, patienceMs, quickly, timeOut } from './leaving.ts';
import { requestOf, type Subject } from './subject.ts';

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
  { name: 'can be cancelled at work', needs: 'provider', run: quickly(cancelAtWork) },
  {
    name: 'can be cancelled before the first byte',
    needs: 'stand-in',
    run: quickly((subject) => cancelIn(subject, 'before-headers')),
  },
  {
    name: 'can be cancelled in mid-stream',
    needs: 'stand-in',
    run: quickly((subject) => cancelIn(subject, 'mid-stream')),
  },
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

async function cancelAtWork(subject: Subject): Promise<Cancelled> {
  const controller = new AbortController();
  const call = subject.provider.infer(await requestOf(subject), controller.signal);
  call.catch(() => undefined);
  // what is sent takes a turn or two of the event loop
  await delay(1);
  return { tookMs: await cancel(controller, call) };
}

async function cancelIn(subject: Subject, phase: 'before-headers' | 'mid-stream'): Promise<Cancelled> {
  const standIn = standInOf(subject);
  const earlier = standIn.calls().length;
  standIn.script.add({ action: { kind: 'hang', phase } });
  const controller = new AbortController();
  const call = subject.provider.infer(await requestOf(subject), controller.signal);
  call.catch(() => undefined);
  await standIn.waitFor((calls) => {
    const own = calls[earlier];
    return (phase === 'mid-stream' ? own?.firstByteAtMs : own?.startedAtMs) !== undefined;
  });
  const startedAt = performance.now();
  const tookMs = await cancel(controller, call);
  await standIn.waitFor((calls) => calls[earlier]?.outcome === 'aborted', { timeoutMs: patienceMs });
  return { tookMs, atServerMs: Math.round(performance.now() - startedAt) };
}

/** Of a real server: between the first byte and the end of an answer that was given before. */
async function cancelInMidAnswer(subject: Subject): Promise<string> {
  const request = await requestOf(subject);
  // the middle of a slow answer is easier to hit
  subject.standIn?.script.add({ times: 2, action: { kind: 'delay', ms: 400 } });
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
  const tookMs = await timeOut(subject.provider.infer(await requestOf(subject, { timeoutMs }), never()), timeoutMs);
  await standIn.waitFor(([first]) => first?.outcome === 'aborted', { timeoutMs: patienceMs });
  return `${tookMs} ms of ${timeoutMs} ms`;
}
