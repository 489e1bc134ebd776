import { describe, expect, test, vi } from 'vitest';
import type { VisionError } from '../../../activities/vision/provider.ts';
import type { ScriptAction } from '../../stand-ins/vision/script.ts';
import { failureOf } from '../../support/activity.ts';
import { rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/wait.ts';
import { imageForModel, inferenceOf, listeningServer, ollamaAt, ollamaStandIn } from './inferences.ts';

const never = () => new AbortController().signal;

/** How an inference fails on which the stand-in acts in this way. */
async function failing(action: ScriptAction): Promise<VisionError> {
  const { server, provider } = await ollamaStandIn();
  server.script.add({ action });
  return failureOf<VisionError>(provider.infer(await inferenceOf(), never()));
}

describe('a server that', () => {
  test.each<[string, ScriptAction, object]>([
    ['dies under the call', { kind: 'status', status: 500 }, { kind: 'runner-died', scope: 'attempt', status: 500 }],
    ['is busy', { kind: 'status', status: 503 }, { kind: 'overloaded', scope: 'attempt', status: 503 }],
    ['reports an error in the stream', { kind: 'error-line' }, { kind: 'runner-died', scope: 'attempt' }],
    ['resets the connection', { kind: 'reset', phase: 'before-headers' }, { kind: 'network' }],
    ['resets in the stream', { kind: 'reset', phase: 'mid-stream' }, { kind: 'network', scope: 'attempt' }],
  ])('%s', async (_, action, expected) => {
    const failure = await failing(action);
    expect(failure).toMatchObject({ name: 'VisionError', ...expected });
    expect(failure.message.length).toBeGreaterThan(10);
  });

  test('asks to come later is believed', async () => {
    const failure = await failing({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    expect(failure).toMatchObject({ kind: 'overloaded', retryAfterMs: 7_000 });
  });

  test('does not have the model says how to get it', async () => {
    const { provider } = await ollamaStandIn({ acceptAnyModel: false });
    const failure = await failureOf(provider.infer(await inferenceOf({ model: 'no-such-model' }), never()));
    expect(failure).toMatchObject({ kind: 'model-missing', scope: 'analysis', status: 404 });
    expect(failure.message).toBe(
      `model 'no-such-model' not found: run "ollama pull no-such-model" on the machine of this vision server`,
    );
  });

  test('cannot read the image blames the image', async () => {
    const { provider } = await ollamaStandIn();
    const image = { ...(await imageForModel()), bytes: Buffer.from('no image at all') };
    const failure = await failureOf(provider.infer(await inferenceOf({ image }), never()));
    expect(failure).toMatchObject({ kind: 'bad-image', scope: 'analysis', status: 400 });
    expect(failure.message).toBe('invalid_request_error: Failed to load image or audio file');
  });

  test('has no room for the prompt says how much there is', async () => {
    const { provider } = await ollamaStandIn();
    const turns = [{ role: 'user' as const, text: 'word '.repeat(20_000) }];
    const failure = await failureOf(provider.infer(await inferenceOf({ turns }), never()));
    expect(failure).toMatchObject({ kind: 'context-exceeded', scope: 'analysis', status: 400 });
    expect(failure.message).toContain('8192 tokens');
  });

  test('is down is gone as a host, for a call and for a look at its health', async () => {
    const { server, provider } = await ollamaStandIn();
    await server.down();
    const gone = { kind: 'network', scope: 'host', message: 'no connection: ECONNREFUSED' };
    expect(await failureOf(provider.infer(await inferenceOf(), never()))).toMatchObject(gone);
    expect(await failureOf(provider.health(never()))).toMatchObject(gone);
    await server.up();
    expect(await provider.health(never())).toHaveProperty('version');
  });

  test('says something else than Ollama does not count as healthy', async () => {
    const { url } = await listeningServer((response) => response.writeHead(502).end('<html>Bad gateway</html>'));
    expect(await failureOf(ollamaAt(url).health(never()))).toMatchObject({ name: 'VisionError', status: 502 });
  });

  test('fails is not talked about on the console', async () => {
    const spies = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockReturnValue());
    await failing({ kind: 'status', status: 500 });
    await failing({ kind: 'error-line' });
    expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });
});

describe('time', () => {
  test.each(['before-headers', 'mid-stream'] as const)('runs out: %s', async (phase) => {
    const { server, provider } = await ollamaStandIn();
    server.script.add({ action: { kind: 'hang', phase } });
    const failure = await failureOf(provider.infer(await inferenceOf({ timeoutMs: 400 }), never()));
    expect(failure).toMatchObject({ kind: 'timeout', scope: 'attempt', message: 'no whole answer within 400 ms' });
    await server.waitFor((calls) => calls.every(({ outcome }) => outcome === 'aborted'));
  });

  test('runs out for a look at the health of a server that hangs', async () => {
    const { url } = await rawServer(() => undefined);
    const failure = await failureOf(ollamaAt(url, { healthTimeoutMs: 100 }).health(never()));
    expect(failure).toMatchObject({ kind: 'timeout', message: 'no whole answer within 100 ms' });
  });
});

describe('a cancellation', () => {
  test.each([
    ['before the first byte', { kind: 'hang', phase: 'before-headers' }],
    ['in the stream', { kind: 'hang', phase: 'mid-stream' }],
  ] as const)('%s ends the call at the server, and says what it was', async (_, action) => {
    const { server, provider } = await ollamaStandIn();
    server.script.add({ action });
    const controller = new AbortController();
    const failure = failureOf(provider.infer(await inferenceOf(), controller.signal));
    await server.waitFor(
      ([call]) => (action.phase === 'mid-stream' ? call?.firstByteAtMs : call?.startedAtMs) !== undefined,
    );
    controller.abort();
    expect(await failure).toMatchObject({ name: 'VisionError', kind: 'cancelled', scope: 'attempt' });
    await server.waitFor(([call]) => call?.outcome === 'aborted');
  });

  test('that came first keeps the call from being made', async () => {
    const { server, provider } = await ollamaStandIn();
    const failure = await failureOf(provider.infer(await inferenceOf(), AbortSignal.abort()));
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(await failureOf(provider.health(AbortSignal.abort()))).toMatchObject({ kind: 'cancelled' });
    expect(server.calls()).toHaveLength(0);
  });

  test('of one call does not touch the other', async () => {
    const { server, provider } = await ollamaStandIn({ slots: 2 });
    server.script.add({ match: { promptIncludes: 'first' }, action: { kind: 'hang', phase: 'mid-stream' } });
    const controller = new AbortController();
    const turnsOf = (text: string) => ({ turns: [{ role: 'user' as const, text }] });
    const first = failureOf(provider.infer(await inferenceOf(turnsOf('the first')), controller.signal));
    await server.waitFor(([call]) => call?.firstByteAtMs !== undefined);
    const second = provider.infer(await inferenceOf(turnsOf('the second')), never());
    controller.abort();
    expect(await first).toMatchObject({ kind: 'cancelled' });
    expect(await second).toMatchObject({ finish: 'stop' });
  });

  test('of a look at the health of a server that hangs is one', async () => {
    const { url, requests, sockets } = await rawServer(() => undefined);
    const controller = new AbortController();
    const failure = failureOf(ollamaAt(url).health(controller.signal));
    await until('the look has come', () => requests.length === 1);
    controller.abort();
    expect(await failure).toMatchObject({ kind: 'cancelled' });
    await until('the connection is closed', () => sockets.size === 0);
  });
});
