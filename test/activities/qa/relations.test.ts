import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { loadConfig } from '../../../config/load.ts';
import { answerOf, defined, settings } from './answers.ts';

const { bySlug } = loadConfig([], {}).definitions;

/** What is said of fields that do not go together. */
function contradictionsIn(answer: object, definition: ReturnType<typeof defined>): string[] {
  const checked = checkAnswer(answerOf(answer, definition), settings);
  return checked.issues.filter(({ rule }) => rule === 'fields_agree').map(({ message }) => message);
}

/** Whole answers to shipped analyses, in the model's shape; `more` replaces some of the fields. */
const bbox_2d = [10, 10, 200, 190];
const damage = (severity: string) => {
  const label = severity === 'minor' ? 'scratch' : 'dent';
  return { label, part: 'left door', severity, confidence: 80, bbox_2d };
};
const hazard = {
  ...{ label: 'cable', kind: 'trip', severity: 'high', measure: 'Tape the cable down', confidence: 80 },
  bbox_2d,
};
const face = (is_recognisable: boolean) => ({ kind: 'face', is_recognisable, confidence: 80, bbox_2d });
const category = (severity: string) => ({ category: 'alcohol-or-tobacco', severity, confidence: 80 });
const answers: Record<string, object> = {
  'damage-assessment': { overall_severity: 'none', damages: [], summary: 'Everything that can be seen is intact.' },
  'hazard-detection': { risk: 'none', hazards: [] },
  'privacy-check': { risk: 'none', findings: [], recommendation: 'publish' },
  'content-safety': { rating: 'general', categories: [], reason: 'A plain wall, nothing sensitive.' },
  'image-quality': { sharpness: 90, exposure: 'normal', contrast: 70, verdict: 'good', issues: [] },
  'mood-analysis': { mood: 'joyful', tone: 'positive', intensity: 70, causes: ['bright colours'] },
  'plant-detection': { plants: [], green_share: 0 },
  'vehicle-detection': { vehicles: [], traffic: 'none' },
  'architecture-analysis': {
    ...{ building_type: 'None', style: 'none', storeys: 0, materials: [], elements: [] },
    ...{ condition: 'unclear', confidence: 90 },
  },
  'focus-analysis': {
    ...{ sharpest_area: 'the door', is_subject_in_focus: true, depth_of_field: 'deep', blur: 'none' },
    ...{ subject_sharpness: 90, background_sharpness: 85, noise: 'none' },
  },
};

const about = (slug: string, more: object) =>
  contradictionsIn({ ...answers[slug], ...more }, bySlug.get(slug) ?? defined({}));

describe('goes together', () => {
  test.each<[string, object]>([
    ...Object.keys(answers).map((slug) => [slug, {}] as [string, object]),
    ['damage-assessment', { overall_severity: 'severe', damages: [damage('minor'), damage('severe')] }],
    ['damage-assessment', { overall_severity: 'severe', damages: [damage('minor')] }],
    ['hazard-detection', { risk: 'low', hazards: [hazard] }],
    ['privacy-check', { findings: [face(false)] }],
    ['privacy-check', { risk: 'low', findings: [face(true)] }],
    ['content-safety', { categories: [category('low')] }],
    ['image-quality', { issues: ['a little noise in the shadows'] }],
    ['image-quality', { contrast: 10 }],
    ['mood-analysis', { mood: 'melancholic', tone: 'positive' }],
    ['mood-analysis', { mood: 'neutral', tone: 'neutral', intensity: 20, causes: [] }],
    ['plant-detection', { green_share: 1 }],
    ['focus-analysis', { subject_sharpness: 20 }],
  ])('%s %j', (slug, more) => expect(about(slug, more)).toEqual([]));
});

describe('does not go together', () => {
  test.each<[string, object, string]>([
    ['damage-assessment', { damages: [damage('minor')] }, 'damages has an item, but overall_severity is "none"'],
    ['damage-assessment', { overall_severity: 'severe' }, 'damages is empty, but overall_severity is "severe"'],
    [
      'damage-assessment',
      { overall_severity: 'minor', damages: [damage('minor'), damage('severe')] },
      'overall_severity is "minor", but damages.1.severity is "severe"',
    ],
    ['hazard-detection', { risk: 'high' }, 'hazards is empty, but risk is "high"'],
    [
      'hazard-detection',
      { hazards: [hazard, { ...hazard, label: 'wet floor' }] },
      'hazards has 2 items, but risk is "none"',
    ],
    ['privacy-check', { findings: [face(true)] }, 'findings.0.is_recognisable is true, but risk is "none"'],
    ['privacy-check', { recommendation: 'blur' }, 'recommendation is "blur", but risk is "none"'],
    ['content-safety', { rating: 'restricted' }, 'categories is empty, but rating is "restricted"'],
    ['content-safety', { categories: [category('high')] }, 'categories.0.severity is "high", but rating is "general"'],
    ['image-quality', { verdict: 'poor' }, 'issues is empty, but verdict is "poor"'],
    [
      'image-quality',
      { sharpness: 5, issues: ['blurred'] },
      'sharpness is 5, but verdict is "good" and issues has an item',
    ],
    ['mood-analysis', { tone: 'negative' }, 'tone is "negative", but mood is "joyful"'],
    ['plant-detection', { green_share: 60 }, 'green_share is 60, but plants is empty'],
    ['vehicle-detection', { traffic: 'dense' }, 'traffic is "dense", but vehicles is empty'],
    ['architecture-analysis', { storeys: 4 }, 'storeys is 4, but building_type is "None"'],
    ['focus-analysis', { subject_sharpness: 3 }, 'subject_sharpness is 3, but is_subject_in_focus is true'],
  ])('%s %j', (slug, more, message) => expect(about(slug, more)).toContain(message));
});

test('a contradiction is asked again, and lived with in the end', () => {
  const definition = bySlug.get('hazard-detection') ?? defined({});
  expect(checkAnswer(answerOf({ risk: 'high', hazards: [] }, definition), settings)).toMatchObject({
    ...{ isGood: false, stage: 'domain', tolerable: { risk: 'high', hazards: [] } },
    issues: [{ rule: 'fields_agree', action: 'reask' }],
  });
});

test('a list and its items go by one name', () => {
  const fields = { kinds: { type: 'list', items: { type: 'enum', values: ['a', 'b'] } }, note: { type: 'string' } };
  const when = { kinds: ['a'] };
  const qa = { fields_agree: { params: { relations: [{ when, then: { kinds: ['a'], note: 'not_empty' } }] } } };
  const definition = defined(fields, { qa });
  expect(contradictionsIn({ kinds: ['b', 'b'], note: 'b' }, definition)).toEqual([]);
  expect(contradictionsIn({ kinds: ['b', 'a'], note: 'a' }, definition)).toEqual([
    'kinds.0 is "b", but kinds.1 is "a"',
  ]);
});
