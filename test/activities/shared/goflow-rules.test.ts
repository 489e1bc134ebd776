import { describe, expect, test } from 'vitest';
import type { GoflowEndpoint } from '../../../activities/shared/goflow-client.ts';
import {
  codeOfHttpFailure,
  type Doubt,
  doubtAfter,
  doubts,
  graver,
  judgeAnswer,
  type Verdict,
} from '../../../activities/shared/goflow-rules.ts';
import { HttpFailure, type HttpFailureKind } from '../../../activities/shared/http.ts';
import { loadConfig } from '../../../config/load.ts';
import type { FailureCode } from '../../../workflows/shared/failures.ts';

/** The rules as they are shipped. */
const rules = loadConfig([], {}).endpoints.goflow;
const endpoints: readonly GoflowEndpoint[] = ['setStatus', 'submitResult', 'submitReport'];

const judge = (endpoint: GoflowEndpoint, status: number, doubt: Doubt, body: unknown = ''): Verdict => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return judgeAnswer(endpoint, { status, headers: {}, body: Buffer.from(text) }, doubt, rules);
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
    for (const doubt of doubts) expect(judge(endpoint, status, doubt, body)).toEqual({ kind: 'accepted' });
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
    expect(judge(endpoint, status, 'no', 'duplicate: already exists')).toEqual(failed(code));
  });

  test.each([401, 403, 404, 408, 422, 429, 500, 503])('%i is never a duplicate, whatever its body says', (status) => {
    expect(judge(endpoint, status, 'unanswered', 'duplicate: already exists').kind).toBe('failed');
  });

  test.each([
    'already processing',
    'ALREADY completed',
    'a duplicate',
    { detail: 'Duplicate entry' },
    { detail: [{ msg: 'result already exists' }] },
    'invalid: already exists',
  ])('400 after an ambiguous send is "already" when it says so: %j', (body) => {
    expect(judge(endpoint, 400, 'unanswered', body)).toEqual(already);
    expect(judge(endpoint, 400, 'no', body)).toEqual(failed('GoFlowRefused'));
  });

  test('409 after an ambiguous send is "already" when it says so', () => {
    expect(judge(endpoint, 409, 'unanswered', 'already reported')).toEqual(already);
    expect(judge(endpoint, 409, 'no', 'already reported')).toEqual(failed('GoFlowRefused'));
  });

  test.each(['invalid body', 'validation error', 'field required', 'malformed', 'must be a string'])(
    '400 that complains about the body is a refusal, ambiguous or not: %s',
    (body) => {
      for (const doubt of doubts) expect(judge(endpoint, 400, doubt, body)).toEqual(failed('GoFlowRefused'));
    },
  );
});

describe('a 400 that says nothing, after an ambiguous send (D3)', () => {
  test.each(['', '{}', 'Bad Request', '<html>', '\u0000\ufffd'])('is "already" for a result: %j', (body) => {
    expect(judge('submitResult', 400, 'unanswered', body)).toEqual(already);
  });

  test.each(['setStatus', 'submitReport'] as const)('is a refusal for %s (P11)', (endpoint) => {
    expect(judge(endpoint, 400, 'unanswered', 'Bad Request')).toEqual(failed('GoFlowRefused'));
  });
});

test('the patterns come from the configuration', () => {
  const own = { alreadyDone: [/vorhanden/i], saysOtherwise: [/falsch/i] };
  const answer = (text: string) => ({ status: 400, headers: {}, body: Buffer.from(text) });
  expect(judgeAnswer('setStatus', answer('schon VORHANDEN'), 'unanswered', own)).toEqual(already);
  expect(judgeAnswer('setStatus', answer('already done'), 'unanswered', own)).toEqual(failed('GoFlowRefused'));
  expect(judgeAnswer('submitResult', answer('falsch'), 'unanswered', own)).toEqual(failed('GoFlowRefused'));
});

test('a rule gives the same verdict however often it is asked', () => {
  for (let time = 0; time < 5; time += 1) expect(judge('setStatus', 400, 'unanswered', 'already')).toEqual(already);
});

test.each(['', '{}', 'analysisResult has no objects'])(
  'a 400 after an error of GoFlow itself is a refusal unless it speaks of a duplicate: %j',
  (body) => {
    expect(judge('submitResult', 400, 'failed', body)).toEqual(failed('GoFlowRefused'));
    expect(judge('submitResult', 400, 'failed', `duplicate ${body}`)).toEqual(already);
  },
);

test.each<[number, Doubt]>([
  [200, 'no'],
  [400, 'no'],
  [401, 'no'],
  [404, 'no'],
  [408, 'failed'],
  [409, 'no'],
  [422, 'no'],
  [429, 'no'],
  [500, 'failed'],
  [502, 'unanswered'],
  [503, 'failed'],
  [504, 'unanswered'],
])('after %i the doubt is %s', (status, doubt) => {
  expect(doubtAfter(status)).toBe(doubt);
});

test('the graver doubt stays', () => {
  expect(graver('failed', 'no')).toBe('failed');
  expect(graver('no', 'unanswered')).toBe('unanswered');
  expect(graver('unanswered', 'failed')).toBe('unanswered');
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
