import { type Answerer, isClear, seen } from './answerer.ts';
import type { Random } from './random.ts';
import { foreignWords, type Rectangle, type Scene, type Thing } from './scene.ts';
import { whereIs } from './sentences.ts';
import type { JsonObject } from './write.ts';

const isFew = (scene: Scene) => isClear(scene) && scene.kind !== 'crowd';
const isWordless = (scene: Scene) => isFew(scene) && scene.words === undefined;
const peopleIn = ({ things }: Scene) => things.filter(({ label }) => label === 'person');
const sure = (random: Random) => random.int(70, 99);

/** Analyses of which a plain drawing shows nothing, or little: here a model must say so, as its prompt tells it. */
export const emptyAnswerers: Readonly<Record<string, Answerer>> = {
  'activity-recognition': {
    suits: isFew,
    answer: (scene, random) => {
      const count = peopleIn(scene).length;
      const activity = { activity: 'standing', participants: count, confidence: sure(random) };
      return count > 0
        ? { main_activity: 'standing', activities: [activity] }
        : { main_activity: 'none', activities: [] };
    },
  },
  'architecture-analysis': {
    suits: isFew,
    answer: (_, random) => ({
      ...{ building_type: 'none', style: 'none', storeys: 0, materials: [], elements: [] },
      ...{ condition: 'unclear', confidence: sure(random) },
    }),
  },
  'brand-detection': { suits: isWordless, answer: () => ({ brands: [] }) },
  'clothing-analysis': {
    suits: isFew,
    answer: (scene, random) => {
      const garments = peopleIn(scene).flatMap((person) => garmentsOf(person, scene, random));
      return { garments: garments.slice(0, 20), style: garments.length > 0 ? 'mixed' : 'none' };
    },
  },
  'composition-analysis': {
    suits: ({ kind }) => ['sign', 'foreign', 'blank', 'edge'].includes(kind),
    answer: (scene, random) => {
      const [subject] = scene.things;
      return {
        ...{ shot: 'medium', viewpoint: 'unclear', subject: subject?.label ?? 'none' },
        subject_position: subject ? positionOf(subject, scene) : 'none',
        ...{ is_subject_cut_off: scene.kind === 'edge', balance: 'balanced', techniques: [] },
        suggestions:
          subject && random.chance(0.5) ? [`More ${scene.background.name} space around the ${subject.label}`] : [],
      };
    },
  },
  'content-safety': {
    suits: isFew,
    answer: ({ background }, random) => ({
      ...{ rating: 'general', categories: [] },
      reason: random.pick([
        `Only plain shapes on ${background.name}, nothing sensitive.`,
        `The picture is a harmless drawing on a ${background.name} background.`,
      ]),
    }),
  },
  'damage-assessment': {
    suits: isFew,
    answer: ({ things }, random) => ({
      ...{ overall_severity: 'none', damages: [] },
      summary: random.pick([
        'No damage can be seen anywhere.',
        `${things.length === 0 ? 'The surface' : 'Everything in the picture'} is intact and clean.`,
      ]),
    }),
  },
  'document-type': {
    suits: isFew,
    answer: ({ words }, random) => ({
      ...{ kind: words === undefined ? 'none' : 'poster', title: words ?? '' },
      language: words === undefined ? 'none' : (foreignWords[words] ?? 'English'),
      ...{ has_handwriting: false, has_signature: false, has_stamp: false },
      legibility: words === undefined ? 'unclear' : 'good',
      completeness: words === undefined ? 'unclear' : 'complete',
      confidence: sure(random),
    }),
  },
  'food-recognition': { suits: isFew, answer: () => ({ items: [], ingredients: [], meal: 'none' }) },
  'hazard-detection': { suits: isFew, answer: () => ({ risk: 'none', hazards: [] }) },
  'image-medium': {
    suits: isFew,
    answer: (_, random) => ({
      ...{ medium: 'drawing', is_altered: 'no', synthetic_likelihood: random.int(80, 100), confidence: sure(random) },
      signs: random.some(
        ['Perfectly even colours', 'Edges without any noise', 'Shapes of exact geometry, as a program draws them'],
        random.int(0, 3),
      ),
    }),
  },
  'interior-analysis': {
    suits: isFew,
    answer: () => ({ room: 'none', style: 'none', furniture: [], condition: 'unclear', tidiness: 'unclear' }),
  },
  'mood-analysis': {
    suits: isFew,
    answer: (_, random) => ({ mood: 'neutral', tone: 'neutral', intensity: random.int(0, 20), causes: [] }),
  },
  'orientation-check': {
    suits: isFew,
    answer: (scene, random) => {
      const { words } = scene;
      const people = peopleIn(scene).length;
      const isSure = words !== undefined || people > 0;
      const evidence =
        words === undefined
          ? people === 1
            ? 'The person stands upright.'
            : 'The people stand upright.'
          : 'The writing on the sign runs from left to right.';
      return {
        ...{ turn_needed: 'none', horizon_tilt_degrees: 0, is_mirrored: words === undefined ? 'unclear' : 'no' },
        confidence: isSure ? sure(random) : random.int(5, 25),
        evidence: isSure ? evidence : 'Nothing in the picture shows what is up.',
      };
    },
  },
  'plant-detection': { suits: isFew, answer: () => ({ plants: [], green_share: 0 }) },
  'privacy-check': { suits: isWordless, answer: () => ({ risk: 'none', findings: [], recommendation: 'publish' }) },
  'product-presentation': {
    suits: isWordless,
    answer: (_, random) => ({
      ...{ product: 'none', verdict: 'unsuitable', background: 'plain', view: 'unclear', image_share: 0 },
      ...{
        is_complete: false,
        flaws: [random.pick(['No product is shown', 'There is nothing to sell in the picture'])],
      },
    }),
  },
  'protective-equipment': { suits: isFew, answer: () => ({ people: [], work: 'none' }) },
  'time-and-season': {
    suits: isFew,
    answer: (_, random) => ({
      // a confidence of 1 may mean the whole: nobody could tell
      ...{ time_of_day: 'unclear', season: 'unclear', is_daylight: false, confidence: random.int(2, 30), evidence: [] },
    }),
  },
  'watermark-detection': {
    suits: isFew,
    answer: () => ({ overlays: [], covered_share: 0, is_subject_covered: false }),
  },
};

/** What a drawn person wears: a top and trousers. */
function garmentsOf({ box, colour }: Thing, scene: Scene, random: Random): JsonObject[] {
  const part = (from: number, height: number, inset: number): Rectangle => ({
    ...{ x: box.x + box.width * inset, width: box.width * (1 - 2 * inset) },
    ...{ y: box.y + box.height * from, height: box.height * height },
  });
  const garment = (name: string, place: Rectangle): JsonObject => ({
    ...{ name, colour: colour.name, pattern: 'plain', presentation: 'worn', confidence: sure(random) },
    bounding_box: seen(place, scene, random),
  });
  return [garment('top', part(0.24, 0.36, 0)), garment('trousers', part(0.6, 0.4, 0.12))];
}

function positionOf(thing: Thing, scene: Scene): string {
  const where = whereIs(thing, scene);
  const [, side = 'centre'] = /(left|right)/.exec(where) ?? [];
  if (side !== 'centre') return side;
  return where.includes('upper') ? 'top' : where.includes('lower') ? 'bottom' : 'centre';
}
