import { describe, expect, test } from 'vitest';
import { failures, isFailureCode } from '../../../workflows/shared/failures.ts';

describe('the failure catalogue', () => {
  test.each(Object.entries(failures))('%s has a status of our API and a hint for the operator', (code, kind) => {
    expect(code).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(kind.httpStatus).toBeGreaterThanOrEqual(400);
    expect(kind.httpStatus).toBeLessThan(600);
    expect(kind.hint).toMatch(/^[A-Z].{15,}[.?]$/);
  });

  test('knows what is the state of GoFlow and what is the fault of one call', () => {
    const codes = Object.entries(failures).filter(([code]) => code.startsWith('GoFlow'));
    expect(codes.filter(([, { retry }]) => retry === 'again').map(([code]) => code)).toEqual([
      'GoFlowUnreachable',
      'GoFlowTimeout',
      'GoFlowRateLimited',
      'GoFlowServerError',
      'GoFlowUnauthorized',
    ]);
  });

  test.each([
    ['QaRejected', true],
    ['qaRejected', false],
    ['', false],
    ['toString', false],
    ['__proto__', false],
    ['constructor', false],
    [undefined, false],
    [7, false],
    [{}, false],
  ])('%j is one of its codes: %s', (value, expected) => {
    expect(isFailureCode(value)).toBe(expected);
  });
});
