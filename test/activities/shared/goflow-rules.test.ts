import { describe, expect, test } from 'vitest';
import type { GoflowEndpoint } from '../../../activities/shared/goflow-client.ts';
import {
  codeOfHttpFailure,
  isAmbiguousStatus,
  judgeAnswer,
  type Verdict,
} from '../../../activities/shared/goflow-rules.ts';
import { HttpFailure, type HttpFailureKind } from '../../../activities/shared/http.ts';
import { loadConfig } from '../../../config/load.ts';
import type { FailureCode } from '../../../workflows/shared/failures.ts';

/** The rules as they are shipped. */
const rules = loadConfig([], {}).endpoints.goflow;
const endpoints: readonly GoflowEndpoint[] = ['setStatus', 'submitResult', 'submitReport'];

const judge = (endpoint: GoflowEndpoint, status: number, mayHaveArrived: boolean, body: unknown = ''): Verdict => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return judgeAnswer(endpoint, { status, headers: {}, body: Buffer.from(text) }, mayHaveArrived, rules);
};
const failed = (code: FailureCode): Verdict => ({ kind: 'failed', code });
const already: Verdict = { kind: 'already' };

describe.each(endpoints)('an answer to %s', (endpoint) => {
  test.each([
    [200, ''],
    [201, '{}'],
    [202, 'not JSON'],
    [204, ''],
    [299, '{"error": "already exists"}'],
  ])('%i counts as accepted whatever its body says (P11)', (status, body) => {
    for (const mayHaveArrived of [true, false])
      expect(judge(endpoint, status, mayHaveArrived, body)).toEqual({ kind: 'accepted' });
  });

  test.each<[number, FailureCode]>([
    [300, 'GoFlowUnexpected'],
    [301, 'GoFlowUnexpected'],
    [304, 'GoFlowUnexpected'],
    [400, 'GoFlowRefused'],
    [401, 'GoFlowUnauthorized'],
    [403, 'GoFlowUnauthorized'],
    [404, 'GoFlowNotFound'],
    [405, 'GoFlowUnexpected'],
    [408, 'GoFlowTimeout'],
    [409, 'GoFlowRefused'],
    [410, 'GoFlowUnexpected'],
    [413, 'GoFlowUnexpected'],
    [418, 'GoFlowUnexpected'],
    [422, 'GoFlowUnprocessable'],
    [429, 'GoFlowRateLimited'],
    [500, 'GoFlowServerError'],
    [502, 'GoFlowServerError'],
    [503, 'GoFlowServerError'],
    [504, 'GoFlowServerError'],
    [599, 'GoFlowServerError'],
  ])('%i is %s when nothing was sent before', (status, code) => {
    expect(judge(endpoint, status, false, 'duplicate: already exists')).toEqual(failed(code));
  });

  test.each([401, 403, 404, 408, 422, 429, 500, 503])('%i is never a duplicate, whatever its body says', (status) => {
    expect(judge(endpoint, status, true, 'duplicate: already exists').kind).toBe('failed');
  });

  test.each([
    'already processing',
    'ALREADY completed',
    'a duplicate',
    { detail: 'Duplicate entry' },
    { detail: [{ msg: 'result already exists' }] },
    'invalid: already exists',
  ])('400 after an ambiguous send is "already" when it says so: %j', (body) => {
    expect(judge(endpoint, 400, true, body)).toEqual(already);
    expect(judge(endpoint, 400, false, body)).toEqual(failed('GoFlowRefused'));
  });

  test('409 after an ambiguous send is "already" when it says so', () => {
    expect(judge(endpoint, 409, true, 'already reported')).toEqual(already);
    expect(judge(endpoint, 409, false, 'already reported')).toEqual(failed('GoFlowRefused'));
  });

  test.each(['invalid body', 'validation error', 'field required', 'malformed', 'must be a string'])(
    '400 that complains about the body is a refusal, ambiguous or not: %s',
    (body) => {
      for (const mayHaveArrived of [true, false])
        expect(judge(endpoint, 400, mayHaveArrived, body)).toEqual(failed('GoFlowRefused'));
    },
  );
});

describe('a 400 that says nothing, after an ambiguous send (D3)', () => {
  test.each(['', '{}', 'Bad Request', '<html>', '\u0000\ufffd'])('is "already" for a result: %j', (body) => {
    expect(judge('submitResult', 400, true, body)).toEqual(already);
  });

  test.each(['setStatus', 'submitReport'] as const)('is a refusal for %s (P11)', (endpoint) => {
    expect(judge(endpoint, 400, true, 'Bad Request')).toEqual(failed('GoFlowRefused'));
  });
});

test('the patterns come from the configuration', () => {
  const own = { alreadyDone: [/vorhanden/i], saysOtherwise: [/falsch/i] };
  const answer = (text: string) => ({ status: 400, headers: {}, body: Buffer.from(text) });
  expect(judgeAnswer('setStatus', answer('schon VORHANDEN'), true, own)).toEqual(already);
  expect(judgeAnswer('setStatus', answer('already done'), true, own)).toEqual(failed('GoFlowRefused'));
  expect(judgeAnswer('submitResult', answer('falsch'), true, own)).toEqual(failed('GoFlowRefused'));
});

test('a rule gives the same verdict however often it is asked', () => {
  for (let time = 0; time < 5; time += 1) expect(judge('setStatus', 400, true, 'already')).toEqual(already);
});

test.each([
  [200, false],
  [400, false],
  [401, false],
  [404, false],
  [408, true],
  [409, false],
  [422, false],
  [429, false],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
])('whether a call took effect is open after %i: %s', (status, expected) => {
  expect(isAmbiguousStatus(status)).toBe(expected);
});

test.each<[HttpFailureKind, FailureCode]>([
  ['connect', 'GoFlowUnreachable'],
  ['broken', 'GoFlowUnreachable'],
  ['too-large', 'GoFlowUnreachable'],
  ['cancelled', 'GoFlowUnreachable'],
  ['timeout', 'GoFlowTimeout'],
])('no answer because of %s is %s', (kind, code) => {
  expect(codeOfHttpFailure(new HttpFailure(kind, 'x', true))).toBe(code);
});
