import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { VisionErrorKind, VisionErrorScope } from '../../activities/vision/provider.ts';
import type { ScriptAction } from '../stand-ins/vision/script.ts';
import { assertFailure, type Check, failureOf, never, providerAt, standInOf } from './check.ts';
import { imageOf, requestOf, type Subject } from './subject.ts';

type Expected = readonly [VisionErrorKind, VisionErrorScope];

const status = (code: number, error?: string): ScriptAction => ({
  kind: 'status',
  status: code,
  ...(error !== undefined && { error }),
});

/** The table of errors, in our words: the same for every wire. */
const table: readonly (readonly [name: string, action: ScriptAction, expected: Expected])[] = [
  ['500', status(500), ['runner-died', 'attempt']],
  ['502 of a gateway', status(502, 'Bad gateway'), ['runner-died', 'attempt']],
  ['503', status(503), ['overloaded', 'attempt']],
  ['429', status(429), ['overloaded', 'attempt']],
  ['400', status(400, 'failed to parse grammar'), ['not-supported', 'analysis']],
  ['400 for an image', status(400, 'Failed to load image or audio file'), ['bad-image', 'analysis']],
  ['400 for a long prompt', status(400, 'exceeds the available context size'), ['context-exceeded', 'analysis']],
  ['500 for a blind model', status(500, 'image input is not supported'), ['not-supported', 'analysis']],
  ['403', status(403), ['protocol', 'host']],
  ['404 for a model', status(404, "model 'x' not found"), ['model-missing', 'analysis']],
  ['404 for an address', status(404, 'Not Found'), ['protocol', 'host']],
  ['an error in the stream', { kind: 'error-line' }, ['runner-died', 'attempt']],
  ['a reset in the stream', { kind: 'reset', phase: 'mid-stream' }, ['network', 'attempt']],
];

/** What goes wrong on the other side, and what it means. */
export const faultChecks: readonly Check[] = [
  ...table.map(([name, action, [kind, scope]]): Check => ({
    name: `takes ${name} for ${kind}`,
    needs: 'stand-in',
    async run(subject) {
      standInOf(subject).script.add({ action });
      const failure = await failureOf(subject.provider.infer(await requestOf(subject), never()));
      assertFailure(failure, [kind], scope);
      return failure.message;
    },
  })),
  {
    name: 'takes a reset before the answer for network',
    needs: 'stand-in',
    async run(subject) {
      standInOf(subject).script.add({ action: { kind: 'reset', phase: 'before-headers' } });
      const failure = await failureOf(subject.provider.infer(await requestOf(subject), never()));
      assertFailure(failure, ['network']);
      return failure.message;
    },
  },
  {
    name: 'hears how long an overloaded server wants to be left alone',
    needs: 'stand-in',
    async run(subject) {
      const headers = { 'retry-after': '7' };
      standInOf(subject).script.add({ action: { kind: 'status', status: 503, headers } });
      const failure = await failureOf(subject.provider.infer(await requestOf(subject), never()));
      assertFailure(failure, ['overloaded'], 'attempt');
      assert.equal(failure.retryAfterMs, 7_000);
      return '7 s';
    },
  },
  {
    name: 'says when a stream ends before its answer, and brings what there is',
    needs: 'stand-in',
    async run(subject) {
      standInOf(subject).script.add({ action: { kind: 'incomplete' } });
      const { finish, text } = await subject.provider.infer(await requestOf(subject), never());
      assert.equal(finish, 'incomplete');
      assert.match(text, /^\s*\{/);
      return JSON.stringify(text);
    },
  },
  {
    name: 'blames the image for an image that is none',
    needs: 'provider',
    async run(subject) {
      const image = { ...(await imageOf('one')), bytes: Buffer.from('no image at all'), sha256: 'none' };
      const failure = await failureOf(subject.provider.infer(await requestOf(subject, { image }), never()));
      assertFailure(failure, ['bad-image', 'not-supported'], 'analysis');
      return `${failure.kind}: ${failure.message}`;
    },
  },
  {
    name: 'says when a prompt is too long',
    needs: 'stand-in',
    async run(subject) {
      const failure = await failureOf(
        subject.provider.infer(await requestOf(subject, { text: 'word '.repeat(40_000) }), never()),
      );
      assertFailure(failure, ['context-exceeded'], 'analysis');
      return failure.message;
    },
  },
  { name: 'says that the host is gone when nobody listens', needs: 'server', run: nobodyListens },
  {
    name: 'leaves one call alone when another one fails',
    needs: 'stand-in',
    async run(subject) {
      const { script } = standInOf(subject);
      script.add({ match: { promptIncludes: 'the first' }, action: { kind: 'error-line' } });
      const first = failureOf(subject.provider.infer(await requestOf(subject, { text: 'the first' }), never()));
      const second = subject.provider.infer(await requestOf(subject, { text: 'the second' }), never());
      assertFailure(await first, ['runner-died']);
      assert.equal((await second).finish, 'stop');
      return 'one failed, one was answered';
    },
  },
];

async function nobodyListens(subject: Subject): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const provider = providerAt(subject, `http://127.0.0.1:${port}`);
  const failure = await failureOf(provider.infer(await requestOf(subject), never()));
  assertFailure(failure, ['network'], 'host');
  assertFailure(await failureOf(provider.health(never())), ['network'], 'host');
  return failure.message;
}
