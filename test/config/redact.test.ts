import { describe, expect, test } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { createRedact } from '../../config/redact.ts';

describe('a secret', () => {
  const secret = 'k"y/\\ ü&=+';
  const redact = createRedact([secret, 'plain-key']);

  test.each([
    ['as it is', `the key ${secret} was refused`, 'the key [redacted] was refused'],
    ['in JSON', JSON.stringify({ key: secret }), '{"key":"[redacted]"}'],
    ['in a URL', `https://a.example/?key=${encodeURIComponent(secret)}&b=1`, 'https://a.example/?key=[redacted]&b=1'],
    ['twice', 'plain-key plain-key', '[redacted] [redacted]'],
    ['inside of a word', 'xplain-keyx', 'x[redacted]x'],
    ['next to another', `plain-key${secret}`, '[redacted][redacted]'],
  ])('is taken out %s', (_, text, clean) => expect(redact(text)).toBe(clean));

  test.each(['', 'nothing to hide', 'plain key', 'PLAIN-KEY'])('is not in %j', (text) =>
    expect(redact(text)).toBe(text),
  );

  test('that begins with another one is taken out whole', () => {
    expect(createRedact(['abcd', 'abcd-efgh'])('abcd-efgh and abcd')).toBe('[redacted] and [redacted]');
  });

  test('is no pattern', () => {
    expect(createRedact(['a.c*'])('abc a.c*')).toBe('abc [redacted]');
  });

  test('there is none: texts stay as they are', () => expect(createRedact([])('any text')).toBe('any text'));
});

describe('what looks like a secret', () => {
  const redact = createRedact([]);
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcHMifQ.c2lnbmF0dXJl';

  test.each([
    ['a header of a logged request', { headers: { Authorization: 'Basic dXNlcjpwYXNz', accept: 'x' } }],
    ['a header with several values', { 'x-api-key': ['k-1', 'k-2'], accept: 'x' }],
    ['a field deep inside', { a: [{ b: { client_secret: 'a"b\\c', accept: 'x' } }] }],
    ['a token', { accessToken: 'abc', refresh_token: 'def', token: 'ghi', accept: 'x' }],
    ['a password', { password: 'p', accept: 'x' }],
    ['JSON in a string', { msg: 'refused {"api_key":"abc","accept":"x"} and {"a": {"token": "def"}}' }],
    ['a header in a text', { msg: 'sent Authorization: Bearer abcdefgh and x-api-key: abcdefgh, then accept: x' }],
    ['a parameter of a URL', { msg: 'GET https://a.example/?api_key=abcdefgh&accept=x' }],
    ['a JWT', { msg: `the caller sent ${jwt}; accept: x` }],
    ['a bearer token', { msg: 'bearer abcdefghijklmnop accept x' }],
    ['a webhook', { msg: 'POST https://discord.com/api/v10/webhooks/1234/abcdefgh-XY accept x' }],
    ['a URL with a password', { msg: 'https://user:pass-word@a.example/accept x' }],
  ])('is taken out, in %s, and nothing else', (_, value) => {
    const clean = redact(JSON.stringify(value));
    expect(() => JSON.parse(clean) as unknown).not.toThrow();
    expect(clean).not.toMatch(/dXNlc|k-1|k-2|a\\"b|abc|def|ghi|"p"|eyJ|pass-word/);
    expect(clean).toContain('[redacted]');
    expect(clean).toContain('accept');
  });

  test.each([
    { promptTokens: 12, msg: 'Unexpected token < in JSON' },
    { msg: 'GoFlow refused the key: check GOFLOW_API_KEY' },
    { taskToken: 'TaskToken(abc)', msg: 'the basic rules' },
    { idempotencyKey: 'p:m:a', webhookId: 7 },
  ])('is not in %j', (value) => expect(redact(JSON.stringify(value))).toBe(JSON.stringify(value)));
});

describe('the log', () => {
  function written(level: string, act: (log: ReturnType<typeof createLogger>) => void): string[] {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const redact = createRedact(['top-secret']);
    act(createLogger({ level, redact, base: { role: 'io', host: 'a' }, pretty: false, destination }));
    return lines;
  }

  test('is one JSON object per line, with level, time and base', () => {
    const [line = ''] = written('info', (log) => log.info({ projectId: 'p' }, 'a line\nin two'));
    expect(line.endsWith('\n')).toBe(true);
    expect(line.trimEnd()).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      ...{ level: 'info', role: 'io', host: 'a', projectId: 'p', msg: 'a line\nin two' },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
  });

  test('shows no secret, in whatever field or error it came', () => {
    const lines = written('trace', (log) => {
      log.info({ headers: { 'x-api-key': 'top-secret' } }, 'the key is top-secret');
      log.error({ err: new Error('refused top-secret', { cause: new Error('top-secret again') }) });
      log.child({ bound: 'top-secret' }).warn('a child');
    });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('top-secret');
    expect(lines.join('').match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test('is as loud as it was told', () => {
    const all = (log: ReturnType<typeof createLogger>) => {
      log.debug('1');
      log.info('2');
      log.error('3');
    };
    expect([written('debug', all), written('info', all), written('silent', all)].map(({ length }) => length)).toEqual([
      3, 2, 0,
    ]);
  });
});
