import { describe, expect, test } from 'vitest';
import { withCorrelationId } from '../../config/correlation.ts';
import { createLogger } from '../../config/logger.ts';
import { createRedact } from '../../config/redact.ts';

type Act = (log: ReturnType<typeof createLogger>) => void;

function written(pretty: boolean, act: Act): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  act(
    createLogger({ level: 'debug', redact: createRedact(['top-secret']), base: { role: 'io' }, pretty, destination }),
  );
  return lines.join('');
}

const both = [
  ['JSON', false],
  ['the pretty form', true],
] as const;

describe.each(both)('in %s', (_, pretty) => {
  const fake = '{"level":"info","time":"2026-11-21T00:00:00.000Z","msg":"all is well"}';

  test.each([
    ['new lines', `a\n${fake}\nb`],
    ['carriage returns', `a\r${fake}`],
    ['colours', '\u001b[2J\u001b[1;32mok\u001b[0m'],
    ['C1 sequences', '\u009b2Jx\u0085y'],
    ['line separators', 'a\u2028b\u2029c'],
    ['turned directions', 'a\u202eb\u2066c'],
    ['nothing', '\u0000\u0007\u0008'],
  ])('foreign text with %s stays within its line', (_what, text) => {
    const error = Object.assign(new Error(text), { body: text });
    const out = written(pretty, (log) => {
      log.info({ text, deep: [{ text }] }, text);
      log.error({ err: error }, 'failed');
    });
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    // at the beginning of a line stands a time or a brace of ours, or an indentation
    for (const line of out.trimEnd().split('\n'))
      expect(line).toMatch(pretty ? /^(\[[\d\-: .+T Z]+\] [A-Z]+|\s+\S|\s*$)/ : /^\{"level":"(info|error)","time"/);
    expect(out.split('\n').filter((line) => line.startsWith(fake))).toEqual([]);
  });

  test('no secret is seen', () => {
    const out = written(pretty, (log) => {
      log.info({ headers: { authorization: 'Bearer abcdefghijklmnop' } }, 'with top-secret');
      log.error({ err: new Error('x', { cause: new Error('top-secret') }) }, 'failed');
    });
    expect(out).not.toMatch(/top-secret|abcdefgh/);
    expect(out).toContain('[redacted]');
  });

  test('every line has the id of what it belongs to', async () => {
    const out = await new Promise<string>((resolve) => {
      const lines = written(pretty, (log) => {
        withCorrelationId('job-1', () => log.info('inside'));
        log.info('outside');
        log.child({ a: 1 }).info({ correlationId: 'given' }, 'its own');
        const ofRequest = log.child({ correlationId: 'request-1' });
        withCorrelationId('request-1', () => ofRequest.info('inside a request'));
      });
      resolve(lines);
    });
    const marked = out.match(/correlationId"?: ?"?([\w-]+)/g) ?? [];
    expect(marked.map((text) => text.replace(/.*[ "]/, '').replace('correlationId:', ''))).toEqual([
      ...['job-1', 'given', 'request-1'],
    ]);
  });
});

test('a stack stays readable in the pretty form', () => {
  const out = written(true, (log) => log.error({ err: new Error('one\ntwo') }, 'failed'));
  expect(out).toMatch(/one\\u000atwo\n\s+at /);
});
