import { type Answerer, isClear, seen } from './answerer.ts';
import { brightness, distance, hexOf } from './colours.ts';
import { emptyAnswerers } from './empty-answers.ts';
import { moreAnswerers } from './more-answers.ts';
import type { Random } from './random.ts';
import { fill, type Scene } from './scene.ts';
import { description, findings } from './sentences.ts';
import type { Value } from './write.ts';

/** By slug. A definition without a line here is left out of the proof. */
export const answerers: Readonly<Record<string, Answerer>> = {
  'object-detection': {
    suits: (scene) => isClear(scene) && scene.kind !== 'crowd',
    answer: (scene, random) => ({
      objects_detected: scene.things.map((thing) => ({
        name: random.chance(0.2) && thing.label !== 'person' ? `${thing.colour.name} ${thing.label}` : thing.label,
        confidence: random.int(70, 99),
        bounding_box: seen(thing.box, scene, random),
      })),
    }),
  },
  'people-count': {
    suits: isClear,
    answer: (scene, random) => {
      const people = scene.things.filter(({ label }) => label === 'person');
      return {
        people_count: people.length,
        confidence: random.int(75, 100),
        // of a crowd those in front
        people: people
          .slice(0, scene.kind === 'crowd' ? random.int(15, 40) : 99)
          .map(({ box }) => seen(box, scene, random)),
      };
    },
  },
  'colour-palette': { suits: (scene) => isClear(scene) && scene.words === undefined, answer: paletteOf },
  'image-quality': { suits: ({ kind }) => !['full', 'blank', 'tiny', 'crowd'].includes(kind), answer: qualityOf },
  'image-description': {
    suits: () => true,
    answer: (scene, random) => ({ image_description: description(scene, random) }),
  },
  ...moreAnswerers,
  ...emptyAnswerers,
  default: {
    suits: () => true,
    answer: (scene, random) => ({
      summary: description(scene, random),
      findings: findings(scene),
      confidence: random.int(60, 98),
    }),
  },
};

function paletteOf(scene: Scene, random: Random): Value {
  const area = scene.width * scene.height;
  const shares = new Map<string, { rgb: readonly number[]; share: number }>();
  const add = (name: string, rgb: readonly number[], share: number) =>
    shares.set(name, { rgb, share: (shares.get(name)?.share ?? 0) + share });
  let rest = 1;
  for (const { label, colour, box } of scene.things) {
    const share = (box.width * box.height * (fill[label] ?? 1)) / area;
    add(colour.name, colour.rgb, share);
    rest -= share;
  }
  if (rest > 0.002) add(scene.background.name, scene.background.rgb, rest);
  const colours = [...shares]
    .map(([name, { rgb, share }]) => ({
      hex: hexOf(rgb.map((value) => value + random.int(-4, 4))),
      name,
      share: Math.round(share * 100) / 100,
    }))
    .filter(({ share }) => share >= 0.01)
    .sort((a, b) => b.share - a.share)
    .slice(0, 8);
  return { colours: colours, dominant: colours[0]?.hex ?? '' };
}

function qualityOf({ light, isBlurred, isFlat, background, things }: Scene, random: Random): Value {
  const issues = [
    ...(isBlurred ? [random.pick(['The whole picture is out of focus', 'Blurred edges everywhere'])] : []),
    ...(isFlat ? [random.pick(['Hardly any contrast', 'The tones lie close together, so it looks grey'])] : []),
    ...(light === 'under' ? [random.pick(['Much too dark', 'Shadows without any detail'])] : []),
    ...(light === 'over' ? [random.pick(['Much too bright', 'Highlights are burnt out'])] : []),
  ];
  const steps = things.map(({ colour }) => Math.abs(brightness(colour.rgb) - brightness(background.rgb)));
  const apart = Math.max(...steps, ...things.map(({ colour }) => distance(colour.rgb, background.rgb) / 3));
  const clear = light === 'normal' && !isFlat;
  return {
    sharpness: isBlurred ? random.int(2, 15) : clear ? random.int(78, 98) : random.int(45, 75),
    exposure: light,
    contrast: clear ? Math.round(Math.min(95, 30 + apart / 3 + random.int(0, 10))) : random.int(4, 15),
    verdict: issues.length === 0 ? 'good' : 'poor',
    issues,
  };
}
