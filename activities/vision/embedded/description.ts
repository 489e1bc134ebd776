import type { ImageForModel } from '../provider.ts';
import { overlap, type Detection } from './detections.ts';
import type { PaletteColour } from './palette.ts';
import type { PixelMeasurements } from './pixels.ts';
import type { Quality } from './quality.ts';
import { capitalised, counted, enumerated, numberWord } from './words.ts';

const PLACES = ['on the left', 'in the centre', 'on the right'] as const;
const MOST_OBJECT_GROUPS = 4;
const MOST_COLOUR_NAMES = 3;
const SMALLEST_NAMED_SHARE = 0.1;
/** Two labels on one box are one object that the detector cannot decide on: name both. */
const SAME_OBJECT_OVERLAP = 0.7;

/**
 * One to three English sentences made of what was measured, and nothing else: people, other objects, light and
 * colours. Where the image was read in greyscale, no colour is named.
 */
export function describe(
  image: ImageForModel,
  detections: readonly Detection[],
  { palette, quality }: PixelMeasurements,
): string {
  const people = detections.filter(({ label }) => label === 'person');
  const objects = detections.filter(({ label }) => label !== 'person');
  return [
    peopleSentence(people, objects.length > 0, image.width),
    objectsSentence(objects, people.length > 0, image.width),
    pictureSentence(image, palette, quality),
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

function peopleSentence(people: readonly Detection[], hasObjects: boolean, width: number): string | undefined {
  if (people.length === 0) return hasObjects ? undefined : 'No people and no everyday objects were detected.';
  const [verb, mark] = people.length === 1 ? ['was', ''] : ['were', ':'];
  return `${capitalised(counted(people.length, 'person'))} ${verb} detected${mark} ${placesOf(people, width)}.`;
}

/** `on the left` for one; `both on the left` or `one on the left and two in the centre` for several. */
function placesOf(detections: readonly Detection[], width: number): string {
  const counts = PLACES.map((place) => ({
    place,
    count: detections.filter((d) => placeOf(d, width) === place).length,
  }));
  const taken = counts.filter(({ count }) => count > 0);
  if (detections.length === 1) return taken.map(({ place }) => place).join('');
  if (taken.length > 1) return enumerated(taken.map(({ place, count }) => `${numberWord(count)} ${place}`));
  return `${detections.length === 2 ? 'both' : 'all'} ${taken.map(({ place }) => place).join('')}`;
}

function placeOf({ box }: Detection, width: number): (typeof PLACES)[number] {
  const third = Math.floor(((box[0] + box[2]) / 2 / width) * 3);
  return PLACES[Math.min(2, Math.max(0, third))] ?? 'in the centre';
}

function objectsSentence(objects: readonly Detection[], hasPeople: boolean, width: number): string | undefined {
  if (objects.length === 0) return undefined;
  const groups = new Map<string, Detection[]>();
  for (const { name, detection } of nameObjects(objects)) groups.set(name, [...(groups.get(name) ?? []), detection]);
  const parts = [...groups].map(([name, members]) => {
    if (members.length === 1) return `${counted(1, name)} ${placesOf(members, width)}`;
    return `${counted(members.length, name)} (${placesOf(members, width)})`;
  });
  const rest = parts.length > MOST_OBJECT_GROUPS ? ['other objects'] : [];
  const list = enumerated([...parts.slice(0, MOST_OBJECT_GROUPS), ...rest]);
  return `The picture ${hasPeople ? 'also seems' : 'seems'} to show ${list}.`;
}

/** One entry per object, best first; `remote or cell phone` where two labels share a box. */
function nameObjects(objects: readonly Detection[]): { name: string; detection: Detection }[] {
  const named: { labels: string[]; detection: Detection }[] = [];
  for (const detection of objects) {
    const same = named.find((other) => overlap(other.detection.box, detection.box) > SAME_OBJECT_OVERLAP);
    if (same) same.labels.push(detection.label);
    else named.push({ labels: [detection.label], detection });
  }
  return named.map(({ labels, detection }) => ({ name: enumerated(labels, 'or'), detection }));
}

function pictureSentence(image: ImageForModel, palette: readonly PaletteColour[], quality: Quality): string {
  const parts = [`the picture is ${lightOf(quality)}`];
  if (quality.issues.includes('blurred or without detail')) parts.push('shows little sharp detail');
  const light = enumerated(parts);
  const colours = image.variant === 'greyscale' ? [] : mainColours(palette);
  if (colours.length === 0) return `${capitalised(light)}.`;
  const verb = colours.length === 1 ? 'main colour is' : 'main colours are';
  return `The ${verb} ${enumerated(colours)}; ${light}.`;
}

function mainColours(palette: readonly PaletteColour[]): string[] {
  const large = palette.filter(({ share }, place) => place === 0 || share >= SMALLEST_NAMED_SHARE);
  return [...new Set(large.map(({ name }) => name))].slice(0, MOST_COLOUR_NAMES);
}

function lightOf({ exposure, brightness_mean: mean }: Quality): string {
  if (exposure === 'under') return 'dark';
  if (exposure === 'over') return 'very bright';
  if (mean < 85) return 'rather dark';
  return mean > 170 ? 'bright' : 'of medium brightness';
}
