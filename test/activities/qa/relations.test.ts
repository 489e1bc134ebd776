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
    ...{ subject_sharpness: 95, background_sharpness: 85, noise: 'none' },
  },
  'time-and-season': {
    ...{ time_of_day: 'midday', season: 'summer', is_daylight: true, confidence: 80, evidence: ['short shadows'] },
  },
  'keyword-tagging': {
    ...{ keywords: ['dog', 'grass', 'retriever', 'summer', 'play'], main_keyword: 'dog', categories: ['animals'] },
  },
  'object-inventory': {
    items: [{ label: 'screw', count: 400, place: 'on the bench' }],
    completeness: 'counted',
  },
  'scene-classification': {
    ...{ scene: 'kitchen', category: 'home', setting: 'indoor', confidence: 90, evidence: ['a stove'] },
  },
  'activity-recognition': {
    main_activity: 'walking',
    activities: [{ activity: 'walking', participants: 2, confidence: 80 }],
  },
  weather: { condition: 'rain', ground: 'wet', wind: 'calm', sky_share: 30, confidence: 80, signs: ['umbrellas'] },
  'lighting-analysis': {
    ...{ source: 'sun', hardness: 'hard', direction: 'side', brightness: 'bright', colour_temperature: 'warm' },
    ...{ evenness: 40, problems: [] },
  },
  'document-type': {
    ...{ kind: 'none', title: '', language: 'none', has_handwriting: false, has_signature: false, has_stamp: false },
    ...{ legibility: 'unclear', completeness: 'unclear', confidence: 90 },
  },
  'watermark-detection': {
    overlays: [{ kind: 'watermark', text: 'sample shop', confidence: 80, bbox_2d }],
    ...{ covered_share: 20, is_subject_covered: true },
  },
  'product-presentation': {
    ...{ product: 'mug', verdict: 'ready', background: 'plain', view: 'front', image_share: 40, is_complete: true },
    flaws: [],
  },
  'image-medium': {
    ...{ medium: 'rendering', is_altered: 'no', synthetic_likelihood: 95, confidence: 90, signs: [] },
  },
};
const dented = { overall_severity: 'severe', damages: [damage('severe')] };

const about = (slug: string, more: object) =>
  contradictionsIn({ ...answers[slug], ...more }, bySlug.get(slug) ?? defined({}));

describe('goes together', () => {
  test.each<[string, object]>([
    ...Object.keys(answers)
      .filter((slug) => slug !== 'object-inventory')
      .map((slug) => [slug, {}] as [string, object]),
    ['damage-assessment', { overall_severity: 'severe', damages: [damage('minor'), damage('severe')] }],
    ['damage-assessment', { overall_severity: 'severe', damages: [damage('minor')] }],
    ['hazard-detection', { risk: 'low', hazards: [hazard] }],
    ['privacy-check', { findings: [face(false)] }],
    ['privacy-check', { risk: 'low', findings: [face(true)] }],
    ['content-safety', { categories: [category('low')] }],
    ['image-quality', { issues: ['a little noise in the shadows'] }],
    ['image-quality', { contrast: 10 }],
    ['image-quality', { sharpness: 16 }],
    ['damage-assessment', { ...dented, summary: 'No damage to the roof, but a dent in the door.' }],
    ['damage-assessment', { ...dented, summary: 'A dent in the door. No other damage is visible.' }],
    ['damage-assessment', { ...dented, summary: 'Dent in the left door, windows without damage.' }],
    ['damage-assessment', { ...dented, summary: 'Deep scratches on the rear door; the bumper shows no damage.' }],
    ['damage-assessment', { ...dented, summary: 'A dented left door next to a rear panel with no visible damage.' }],
    ['damage-assessment', { ...dented, summary: 'The rear of the car shows no damage.' }],
    ['keyword-tagging', { keywords: ['women', 'firemen', 'children', 'people', 'leaves'], main_keyword: 'woman' }],
    ['keyword-tagging', { keywords: ['women', 'firemen', 'children', 'people', 'leaves'], main_keyword: 'fireman' }],
    ['keyword-tagging', { keywords: ['women', 'firemen', 'children', 'people', 'leaves'], main_keyword: 'child' }],
    ['keyword-tagging', { keywords: ['women', 'firemen', 'children', 'people', 'leaves'], main_keyword: 'person' }],
    ['keyword-tagging', { keywords: ['bare feet', 'beach', 'sand', 'sea', 'sky'], main_keyword: 'foot' }],
    ['keyword-tagging', { keywords: ['knife', 'board', 'bread', 'table', 'kitchen'], main_keyword: 'knives' }],
    ['activity-recognition', { main_activity: 'no activity', activities: [] }],
    ['scene-classification', { scene: 'covered street', category: 'street' }],
    ['scene-classification', { scene: 'greenhouse', category: 'nature' }],
    ['weather', { ground: 'dry' }],
    ['time-and-season', { time_of_day: 'morning', is_daylight: false, evidence: ['a clock in a dark room'] }],
    ['keyword-tagging', { main_keyword: 'Dogs' }],
    ['keyword-tagging', { keywords: ['glasses', 'cities', 'sun', 'sea', 'sky'], main_keyword: 'glass of a city' }],
    ['keyword-tagging', { keywords: ['glasses', 'cities', 'sun', 'sea', 'sky'], main_keyword: 'City' }],
    ['keyword-tagging', { main_keyword: 'golden retriever' }],
    ['keyword-tagging', { main_keyword: 'dog on grass' }],
    ['object-inventory', { completeness: 'estimated' }],
    ['scene-classification', { scene: 'unknown', category: 'other', setting: 'unclear' }],
    ['focus-analysis', { is_subject_in_focus: false, subject_sharpness: 60 }],
    ['weather', { ground: 'unclear' }],
    [
      'document-type',
      { kind: 'letter', title: 'Dear all', has_signature: true, legibility: 'good', completeness: 'complete' },
    ],
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
    ['image-quality', { sharpness: 5, issues: ['blurred'] }, 'sharpness is 5, but verdict is "good"'],
    ['mood-analysis', { tone: 'negative' }, 'tone is "negative", but mood is "joyful"'],
    ['plant-detection', { green_share: 60 }, 'green_share is 60, but plants is empty'],
    ['image-quality', { sharpness: 3 }, 'sharpness is 3, but verdict is "good"'],
    [
      'damage-assessment',
      { ...dented, summary: 'No visible damage.' },
      'summary says that there is nothing of the kind, but damages is not empty',
    ],
    [
      'damage-assessment',
      { ...dented, summary: 'The car shows no signs of damage in this image.' },
      'summary says that there is nothing of the kind, but damages is not empty',
    ],
    [
      'damage-assessment',
      { ...dented, summary: 'In this picture no damage can be seen.' },
      'summary says that there is nothing of the kind, but damages is not empty',
    ],
    [
      'damage-assessment',
      { ...dented, summary: 'Overall, the car appears to be free of damage.' },
      'summary says that there is nothing of the kind, but damages is not empty',
    ],
    [
      'activity-recognition',
      { main_activity: 'No activity' },
      'main_activity says that there is nothing of the kind, but activities is not empty',
    ],
    ['time-and-season', { is_daylight: false }, 'is_daylight is false, but time_of_day is "midday"'],
    ['keyword-tagging', { main_keyword: 'bicycle' }, 'main_keyword is "bicycle", but keywords does not have it'],
    ['object-inventory', {}, 'items.0.count is 400, but completeness is "counted"'],
    ['scene-classification', { scene: 'unknown' }, 'category is "home", but scene is "unknown"'],
    ['scene-classification', { category: 'park' }, 'setting is "indoor", but category is "park"'],
    ['focus-analysis', { is_subject_in_focus: false }, 'subject_sharpness is 95, but is_subject_in_focus is false'],
    ['focus-analysis', { sharpest_area: 'N/A' }, 'is_subject_in_focus is true, but sharpest_area is "N/A"'],
    ['focus-analysis', { blur: 'camera-shake' }, 'subject_sharpness is 95, but blur is "camera-shake"'],
    ['lighting-analysis', { brightness: 'very-dark' }, 'brightness is "very-dark", but source is "sun"'],
    ['document-type', { title: 'Invoice' }, 'title is "Invoice", but kind is "none"'],
    ['architecture-analysis', { condition: 'new' }, 'condition is "new", but building_type is "None"'],
    ['watermark-detection', { covered_share: 0 }, 'covered_share is 0, but is_subject_covered is true'],
    ['product-presentation', { image_share: 0 }, 'image_share is 0, but verdict is "ready"'],
    ['image-medium', { synthetic_likelihood: 2 }, 'synthetic_likelihood is 2, but medium is "rendering"'],
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
