import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../../workflows/goflow/contracts/media.ts';
import { sameTexts, toldBy } from '../../../../workflows/goflow/steps/same-texts.ts';

const told = (mediaId: string, analysisId: string, image: string, ...texts: string[]) => ({
  ...{ mediaId, analysisId, image, texts },
});

describe('the same long text', () => {
  test('for different images is told once for each analysis, with its images', () => {
    const all = [told('m1', 'a', 'x', 't1'), told('m2', 'a', 'y', 't1', 't2'), told('m3', 'a', 'z', 't2')];
    expect(sameTexts([...all, told('m3', 'b', 'z', 't9')])).toEqual([
      { analysisId: 'a', mediaIds: ['m1', 'm2', 'm3'] },
    ]);
  });

  test.each([
    ['for the same image twice', [told('m1', 'a', 'x', 't'), told('m2', 'a', 'x', 't')]],
    ['in different analyses', [told('m1', 'a', 'x', 't'), told('m2', 'b', 'y', 't')]],
    ['never', [told('m1', 'a', 'x', 't'), told('m2', 'a', 'y', 'u')]],
    ['of nobody', []],
  ])('%s is nothing to tell', (_, all) => expect(sameTexts(all)).toEqual([]));
});

test('outcomes that failed, say nothing at length, or come from an earlier release are passed over', () => {
  const done = { state: 'done', analysisId: 'a', how: 'accepted', notApplicable: false } as const;
  const image = { imageSha256: '0123456789abcdef' };
  const outcomes: Outcome[] = [done, { ...done, texts: [], ...image }, { ...done, texts: ['t'], ...image }];
  expect(toldBy('m', outcomes)).toEqual([told('m', 'a', '0123456789ab', 't')]);
});
