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

test('a plan without parameters and rules that came later is checked by those it has', () => {
  const params = { refusal: { patterns: ["\\bI can't\\b"] }, gibberish: { min_characters: 40, min_score: 0.38 } };
  const content = Object.entries(params).map(([rule, of]) => ({ rule, on_fail: 'reask-fresh', params: of }));
  const fields = { transcript: ['^text$'], label: [] };
  const stored = { ...settings, fields, rules: { structural: [], content, domain: [] } } as unknown as QaSettings;
  const definition = defined({ note: { type: 'string', describe: 'as it stands there' }, text: { type: 'string' } });
  expect(found(answerOf({ note: "I can't.", text: "I can't." }, definition), stored)).toEqual([
    'refusal reask-fresh note',
  ]);
  expect(found(answerOf({ note: 'bcdf ghjk lmnp qrst vwxz bcdf', text: '' }, definition), stored)).toEqual([]);
});

test('a rule that is gone since the plan was made is left out, also where a definition overrides others', () => {
  const { rules } = settings;
  const gone = { rule: 'verdict_has_reasons', on_fail: 'reask', give_up: 'degrade', params: {} };
  const stored = { ...settings, rules: { ...rules, domain: [gone, ...rules.domain] } } as unknown as QaSettings;
  const twice = { objects: [0, 1].map(() => ({ label: 'cat', confidence: 50, bbox_2d: [0, 0, 100, 100] })) };
  const check = (qa: typeof detection.qa) => found(answerOf(twice, { ...detection, qa }), settingsOf(stored));
  expect(check(undefined)).toEqual(['box_duplicates filter objects_detected.1.bounding_box']);
  expect(check({ box_duplicates: { on_fail: 'flag' } })).toEqual([
    'box_duplicates flag objects_detected.1.bounding_box',
  ]);
});
