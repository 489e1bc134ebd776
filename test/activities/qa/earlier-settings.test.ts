import { expect, test } from 'vitest';
import { settingsOf } from '../../../activities/qa/earlier-settings.ts';
import type { QaSettings } from '../../../workflows/goflow/contracts/qa.ts';
import { answerOf, defined, detection, found, settings } from './answers.ts';

/** As plans of release 0.1 hold it. */
const earlier = {
  ...{ maxRepairs: 2, budgetSeconds: 10, minDescriptionCharacters: 20, boxClampPixels: 8 },
  ...{ refusalPatterns: ["\\bI can't\\b"], placeholderPatterns: ['^lorem ipsum'] },
} as unknown as QaSettings;

test('a plan of today is taken as it is', () => expect(settingsOf(settings)).toBe(settings));

test('a plan of release 0.1 is checked by the rules of then', () => {
  const upgraded = settingsOf(earlier);
  expect(settingsOf(earlier)).toBe(upgraded);
  const note = defined({ note: { type: 'string' } });
  expect(found(answerOf({ note: "I can't." }, note), upgraded)).toEqual(['refusal reask-fresh note']);
  expect(found(answerOf({ note: 'Lorem ipsum' }, note), upgraded)).toEqual(['placeholder reask-fresh note']);
  expect(found(answerOf({ note: 'TBD' }, note), upgraded)).toEqual([]);
  const boxes = { objects: [{ label: 'cat', confidence: 9, bbox_2d: [-2, 0, 10, 10] }] };
  expect(found(answerOf(boxes, detection), upgraded)).toEqual(['box_in_image fix objects_detected.0.bounding_box']);
});
