import { seen } from './answerer.ts';
import { gridOf } from './faults/grids.ts';
import { type Listed, listedIn } from './listed.ts';
import type { RightKind } from './right-kind.ts';
import { boxWriter, inModelShape, isName, isProse, type JsonObject, places, put, textAt } from './write.ts';

/** Fields that a hasty reader would call a contradiction: of a photograph each can be right. */
const odd: Readonly<Record<string, (listed: Listed) => readonly JsonObject[]>> = {
  // deadly, and out of everybody's reach
  'hazard-detection': ({ hazard }) => [{ risk: 'low', hazards: [hazard('high')] }],
  'damage-assessment': ({ damage }) => [
    { overall_severity: 'severe', damages: [damage('moderate'), damage('minor')], summary: 'Two panes are damaged.' },
    { overall_severity: 'minor', damages: [damage('minor')], summary: 'A small dent, and nothing else.' },
    { overall_severity: 'minor', damages: [damage('minor')], summary: 'A small mark, but no damage to the glass.' },
  ],
  'privacy-check': ({ face }) => [
    { risk: 'none', findings: [face(false)] },
    { risk: 'low', findings: [face(true)], recommendation: 'publish' },
    { risk: 'high', findings: [face(false), face(true)], recommendation: 'blur' },
  ],
  'content-safety': ({ sensitive }) => [
    { rating: 'general', categories: [sensitive('alcohol-or-tobacco', 'low')] },
    { rating: 'sensitive', categories: [sensitive('weapons', 'low')] },
  ],
  'mood-analysis': () => [
    { mood: 'melancholic', tone: 'positive', intensity: 55, causes: ['soft evening light'] },
    { mood: 'joyful', tone: 'mixed', intensity: 90, causes: ['a farewell with laughter and tears'] },
    { mood: 'neutral', tone: 'positive', intensity: 50, causes: [] },
    { mood: 'gloomy', tone: 'neutral', intensity: 1, causes: ['a grey sky'] },
  ],
  // parked ones are no traffic
  'vehicle-detection': ({ vehicle }) => [{ traffic: 'none', vehicles: [vehicle()] }],
  'animal-detection': ({ animal }) => [{ keeping: 'unclear', animals: [animal()] }],
  'plant-detection': ({ plant }) => [{ green_share: 0, plants: [plant()] }],
  'food-recognition': ({ food }) => [{ meal: 'unclear', items: [food()], ingredients: [] }],
  'clothing-analysis': ({ garment }) => [{ style: 'none', garments: [garment()] }],
  // told by the light on a floor
  weather: () => [{ condition: 'clear', sky_share: 0, signs: ['hard shadows of a window frame'] }],
  'watermark-detection': ({ overlay }) => [{ covered_share: 0, overlays: [overlay()] }],
  'image-quality': () => [
    { verdict: 'good', issues: ['A little noise in the darkest corner'] },
    { verdict: 'acceptable', issues: [] },
  ],
  'time-and-season': () => [
    { time_of_day: 'night', is_daylight: false, evidence: ['lit street lamps'] },
    { time_of_day: 'morning', is_daylight: false, evidence: ['a clock without daylight around it'] },
  ],
  'product-presentation': () => [
    { product: 'door handle', verdict: 'ready', image_share: 4, is_complete: false, flaws: [] },
  ],
  'document-type': () => [{ kind: 'map', legibility: 'unclear', completeness: 'unclear' }],
  'focus-analysis': () => [
    { is_subject_in_focus: false, subject_sharpness: 8, background_sharpness: 92, blur: 'out-of-focus' },
  ],
  'activity-recognition': () => [{ main_activity: 'none of them moves', activities: [] }],
  'composition-analysis': () => [{ subject: 'none', subject_position: 'none', is_subject_cut_off: false }],
  'object-inventory': ({ stock }) => [
    { items: [stock(400)], completeness: 'estimated' },
    { items: [stock(64)], completeness: 'counted' },
  ],
  'scene-classification': () => [
    { scene: 'unknown', category: 'other', setting: 'unclear' },
    { scene: 'greenhouse', category: 'nature', setting: 'unclear' },
  ],
  'lighting-analysis': () => [{ source: 'sun', brightness: 'dark', problems: ['deep shadows'] }],
  'image-medium': () => [{ is_altered: 'no', signs: ['Too even a colour, as a program fills it'] }],
  'architecture-analysis': () => [
    { building_type: 'barn', style: 'rural', storeys: 0, materials: ['wood'], condition: 'ruin' },
  ],
};

export const oddKinds: Readonly<Record<string, RightKind>> = {
  'things in even rows, like windows': {
    slugs: ['object-detection'],
    // no picture shows them, and this one at least shows nothing else
    scenes: ['blank'],
    write: ({ definition, scene }, random) => {
      const windows = gridOf(scene, random).map((box) => ({
        ...{ name: 'rectangle', confidence: random.int(70, 99) },
        bounding_box: seen(box, scene, random),
      }));
      return JSON.stringify(
        inModelShape(definition, { objects_detected: windows }, boxWriter(definition.coordinates, scene)),
      );
    },
  },
  'nothing of the kind': {
    slugs: ['architecture-analysis', 'composition-analysis', 'product-presentation'],
    scenes: ['blank', 'shapes'],
    write: ({ definition, model }, random) => {
      const other = structuredClone(model);
      for (const place of places(definition, other).filter(isName))
        if (textAt(place) === 'none') put(place, random.pick(['N/A', 'n/a', 'None', 'not applicable']));
      return JSON.stringify(other);
    },
  },
  'caption without a full stop': {
    slugs: ['image-description', 'default', 'alt-text'],
    scenes: ['shapes', 'people', 'row', 'edge'],
    write: ({ definition, model, scene }, random) => {
      const other = structuredClone(model);
      const { name } = scene.background;
      const captions = [
        `Drawing of a few plain shapes on ${name}`,
        `Plain shapes, all of one kind of paint, and a ${name} ground to put them on`,
        `A ${name} sheet (cut to size) with what a child may have drawn on it`,
        `Shapes on ${name}: nobody knows what they stand for`,
        `Study in ${name}. No title is given`,
      ];
      for (const place of places(definition, other).filter(isProse)) put(place, random.pick(captions));
      return JSON.stringify('findings' in other ? { ...other, findings: [] } : other);
    },
  },
  'corrected afterwards': {
    write: ({ model }, random) => {
      const text = JSON.stringify(model);
      const [key = ''] = Object.keys(model);
      return random.pick([
        `${text}\nOnce more, indented:\n${JSON.stringify(model, undefined, 2)}`,
        `${JSON.stringify({ [key]: model[key] ?? null })}\n${text}`,
        `${text}\nwhere ${JSON.stringify({ [key]: model[key] ?? null })} was looked at twice.`,
      ]);
    },
  },
  'fields that seem to deny each other': {
    slugs: Object.keys(odd),
    scenes: ['shapes', 'people'],
    write: ({ definition, scene, value }, random) => {
      const of = odd[definition.slug];
      if (!of) return undefined;
      const other = { ...value, ...random.pick(of(listedIn(scene, random))) };
      return JSON.stringify(inModelShape(definition, other, boxWriter(definition.coordinates, scene)));
    },
  },
};
