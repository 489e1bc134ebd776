import { type Answerer, isClear, seen } from './answerer.ts';
import type { Random } from './random.ts';
import { foreignWords, type Rectangle, type Scene, type Thing } from './scene.ts';
import { capital, description, findings, groupsOf, whereIs } from './sentences.ts';

const isFew = (scene: Scene) => isClear(scene) && scene.kind !== 'crowd';
const signOf = ({ things }: Scene): Thing | undefined => things.find(({ label }) => label === 'sign');
const sure = (random: Random) => random.int(70, 99);

/** More analyses by slug, where a drawn picture has one right answer. Keys in the order of the definition's fields. */
export const moreAnswerers: Readonly<Record<string, Answerer>> = {
  'alt-text': {
    suits: isFew,
    answer: (scene, random) => ({
      alt_text: `${capital(groupsOf(scene)[0]?.words ?? 'an empty area')} on ${scene.background.name}`,
      long_description: description(scene, random),
      has_essential_text: scene.words !== undefined,
    }),
  },
  'text-recognition': {
    suits: ({ kind }) => ['sign', 'foreign', 'shapes', 'blank', 'people', 'alike'].includes(kind),
    answer: (scene, random) => {
      const [sign, words = ''] = [signOf(scene), scene.words];
      const texts = sign
        ? [{ text: words, kind: 'sign', confidence: sure(random), bounding_box: seen(sign.box, scene, random) }]
        : [];
      return { texts, full_text: words, languages: sign ? [foreignWords[words] ?? 'English'] : [] };
    },
  },
  'sign-detection': {
    suits: isFew,
    answer: (scene, random) => {
      const [sign, words = ''] = [signOf(scene), scene.words];
      if (!sign) return { signs: [] };
      const box = seen(sign.box, scene, random);
      const name = `${sign.colour.name} notice`;
      return { signs: [{ name, kind: 'information', text: words, confidence: sure(random), bounding_box: box }] };
    },
  },
  'object-inventory': {
    suits: isFew,
    answer: (scene) => ({
      items: groupsOf(scene)
        .filter(({ first }) => first.label !== 'person')
        .map(({ first }) => ({
          name: `${first.colour.name} ${first.label}`,
          count: scene.things.filter(({ label, colour }) => label === first.label && colour === first.colour).length,
          place: whereIs(first, scene),
        })),
      completeness: 'counted',
    }),
  },
  'main-subject': {
    suits: ({ kind }) => ['sign', 'foreign', 'blank'].includes(kind),
    answer: (scene, random) => {
      const sign = signOf(scene);
      const whole = { x: 0, y: 0, width: scene.width, height: scene.height };
      if (!sign) return { subjects: [], crop: whole };
      const subject = { name: 'sign', importance: sure(random), bounding_box: seen(sign.box, scene, random) };
      return { subjects: [subject], crop: around(sign.box, scene) };
    },
  },
  'background-analysis': {
    suits: isFew,
    answer: ({ background, things }) => ({
      kind: 'plain',
      description: `A plain ${background.name} surface without any structure.`,
      main_colour: background.name,
      sharpness: 'sharp',
      separation: things.length === 0 ? 'hard' : 'easy',
      distractions: [],
    }),
  },
  'lighting-analysis': {
    suits: ({ isFlat }) => !isFlat,
    answer: ({ light }, random) => ({
      source: 'unclear',
      hardness: 'soft',
      direction: 'unclear',
      brightness: light === 'under' ? 'very-dark' : light === 'over' ? 'very-bright' : 'normal',
      colour_temperature: 'neutral',
      evenness: random.int(85, 100),
      problems:
        light === 'normal' ? [] : [light === 'under' ? 'Everything is lost in the dark' : 'Bright areas are burnt out'],
    }),
  },
  'focus-analysis': {
    suits: ({ kind }) => ['shapes', 'people', 'alike', 'blurred'].includes(kind),
    answer: ({ isBlurred, things }, random) => ({
      sharpest_area: isBlurred ? 'none' : `the ${things[0]?.label ?? 'whole image'}`,
      is_subject_in_focus: !isBlurred,
      depth_of_field: isBlurred ? 'unclear' : 'deep',
      blur: isBlurred ? 'out-of-focus' : 'none',
      subject_sharpness: isBlurred ? random.int(2, 12) : random.int(85, 99),
      background_sharpness: isBlurred ? random.int(2, 12) : random.int(85, 99),
      noise: 'none',
    }),
  },
  'keyword-tagging': {
    suits: ({ things, kind }) => things.length > 0 && kind !== 'crowd',
    answer: (scene) => {
      const { things, background } = scene;
      const seenThings = things.flatMap(({ label, colour }) => [label, colour.name]);
      const common = [background.name, 'background', 'drawing', 'graphic', 'plain', 'illustration'];
      return {
        keywords: [...new Set([...seenThings, ...common])].slice(0, 25),
        main_keyword: things[0]?.label ?? 'background',
        categories: [things.some(({ label }) => label === 'person') ? 'people' : 'art'],
      };
    },
  },
  'animal-detection': { suits: isFew, answer: () => ({ animals: [], keeping: 'none' }) },
  'vehicle-detection': { suits: isFew, answer: () => ({ vehicles: [], traffic: 'none' }) },
  weather: {
    suits: isFew,
    answer: (_, random) => ({
      ...{ condition: 'not-visible', ground: 'unclear', wind: 'unclear', sky_share: 0 },
      ...{ confidence: sure(random), signs: [] },
    }),
  },
  'scene-classification': {
    suits: isFew,
    answer: (scene, random) => ({
      ...{ scene: 'plain drawn surface', category: 'other', setting: 'unclear', confidence: sure(random) },
      evidence: findings(scene).slice(0, 5),
    }),
  },
};

/** A crop that keeps a thing, with some room. */
function around({ x, y, width, height }: Rectangle, frame: Scene) {
  const [left, top] = [Math.max(0, x - width * 0.2), Math.max(0, y - height * 0.2)];
  const right = Math.min(frame.width, x + width * 1.2);
  return { x: left, y: top, width: right - left, height: Math.min(frame.height, y + height * 1.2) - top };
}
