import { type Listed, listedIn } from '../listed.ts';
import { boxWriter, inModelShape, type JsonObject } from '../write.ts';
import type { FaultTable, Plant } from './types.ts';

/** Fields that cannot be right together, by the names of the definition; the others stay as they are. */
type Twists = (listed: Listed) => readonly JsonObject[];

const twists: Readonly<Record<string, Twists>> = {
  'hazard-detection': ({ hazard }) => [
    { risk: 'high', hazards: [] },
    { risk: 'medium', hazards: [] },
    { risk: 'none', hazards: [hazard('high')] },
  ],
  'damage-assessment': ({ damage }) => [
    { overall_severity: 'severe', damages: [], summary: 'The side is badly damaged.' },
    { overall_severity: 'none', damages: [damage('moderate')] },
    { overall_severity: 'minor', damages: [damage('severe')], summary: 'One pane is broken through.' },
    { overall_severity: 'severe', damages: [damage('severe')], summary: 'There is no damage.' },
    { overall_severity: 'moderate', damages: [damage('moderate')], summary: 'The car has no visible damage.' },
  ],
  'privacy-check': ({ face }) => [
    { risk: 'none', findings: [face(true)] },
    { risk: 'high', findings: [], recommendation: 'do-not-publish' },
    { risk: 'high', findings: [face(true)], recommendation: 'publish' },
    { recommendation: 'do-not-publish' },
  ],
  'content-safety': ({ sensitive }) => [
    { rating: 'restricted', categories: [] },
    { rating: 'general', categories: [sensitive('violence', 'high')] },
  ],
  'mood-analysis': () => [
    { mood: 'joyful', tone: 'negative', intensity: 80, causes: ['laughing people'] },
    { mood: 'gloomy', tone: 'positive', intensity: 60, causes: ['heavy clouds'] },
    { mood: 'neutral', tone: 'neutral', intensity: 98 },
  ],
  'vehicle-detection': () => [{ traffic: 'dense' }, { traffic: 'moderate' }],
  'animal-detection': ({ animal }) => [{ keeping: 'zoo' }, { keeping: 'none', animals: [animal()] }],
  'plant-detection': () => [{ green_share: 35 }, { green_share: 90 }],
  'food-recognition': ({ food }) => [{ meal: 'dessert' }, { meal: 'none', items: [food()] }],
  'clothing-analysis': () => [{ garments: [], style: 'business' }],
  weather: () => [{ sky_share: 70 }],
  'watermark-detection': () => [{ covered_share: 45 }, { is_subject_covered: true }],
  'image-quality': () => [
    { sharpness: 92, contrast: 80, exposure: 'normal', verdict: 'poor', issues: [] },
    { sharpness: 4, verdict: 'good', issues: ['The picture is blurred all over'] },
    { sharpness: 3, verdict: 'good', issues: [] },
  ],
  'interior-analysis': ({ chair }) => [{ furniture: [chair()] }, { tidiness: 'untidy', condition: 'worn' }],
  'time-and-season': () => [
    { time_of_day: 'night', is_daylight: true },
    { time_of_day: 'midday', is_daylight: false, evidence: ['short shadows'] },
  ],
  'keyword-tagging': () => [{ main_keyword: 'locomotive' }, { main_keyword: 'wedding party' }],
  'object-inventory': ({ stock }) => [{ items: [stock(499)], completeness: 'counted' }],
  'scene-classification': () => [
    { scene: 'unknown', category: 'workplace', setting: 'indoor' },
    { scene: 'meadow with trees', category: 'park', setting: 'indoor' },
  ],
  'lighting-analysis': () => [{ source: 'sun', brightness: 'very-dark' }],
  'product-presentation': () => [
    { verdict: 'ready' },
    { product: 'ceramic mug', verdict: 'unsuitable', image_share: 40, flaws: [] },
    { image_share: 66 },
  ],
  'document-type': () => [{ kind: 'none', title: '', legibility: 'good', completeness: 'complete' }],
  'architecture-analysis': () => [{ storeys: 3 }, { materials: ['brick', 'glass'] }],
  'focus-analysis': () => [
    { is_subject_in_focus: true, subject_sharpness: 6 },
    { is_subject_in_focus: false, subject_sharpness: 99, blur: 'out-of-focus' },
  ],
  'activity-recognition': () => [
    { main_activity: 'none', activities: [{ activity: 'walking', participants: 2, confidence: 81 }] },
  ],
  'composition-analysis': () => [{ subject: 'none', subject_position: 'left', is_subject_cut_off: true }],
  'image-medium': () => [
    { is_altered: 'yes', signs: [] },
    { medium: 'rendering', synthetic_likelihood: 4 },
  ],
};

/** Answers with every field in order, of which two deny each other. */
const contradiction: Plant = ({ question: { definition, scene, value }, random }) => {
  const of = twists[definition.slug];
  if (!of) return undefined;
  const twisted = { ...value, ...random.pick(of(listedIn(scene, random))) };
  return { json: inModelShape(definition, twisted, boxWriter(definition.coordinates, scene)) };
};

export const contradictionFaults: FaultTable = {
  'fields that deny each other': { slugs: Object.keys(twists), plant: contradiction },
};
