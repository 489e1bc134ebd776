import type { EmbeddedKind } from '../../../workflows/goflow/contracts/analysis.ts';
import type { ImageForModel } from '../provider.ts';
import { describe } from './description.ts';
import type { Detection } from './detections.ts';
import type { Sight } from './sight.ts';

interface Handler {
  /** What answered, as the E3 field `modelUsed` names it. */
  readonly model: string;
  /** The answer, to be written as JSON: a model's answer in shape, so all fields are in snake case. */
  readonly answer: (sight: Sight, image: ImageForModel, signal: AbortSignal) => Promise<object>;
}

const DETECTOR = 'embedded/centernet-coco';
const PIXELS = 'embedded/pixels';

/** By what a definition names as `embedded:`. */
export const HANDLERS: Readonly<Record<EmbeddedKind, Handler>> = {
  'object-detection': {
    model: DETECTOR,
    async answer(sight, image, signal) {
      const detections = await sight.detections(image, signal);
      return {
        objects: detections.map((detection) => ({
          label: detection.label,
          confidence: percent(detection.score),
          bbox_2d: wholePixels(detection),
        })),
      };
    },
  },
  'people-count': {
    model: DETECTOR,
    async answer(sight, image, signal) {
      const people = (await sight.detections(image, signal)).filter(({ label }) => label === 'person');
      return {
        people_count: people.length,
        confidence: countConfidence(people, sight.limits.minimumPersonScore),
        boxes: people.map(wholePixels),
      };
    },
  },
  'colour-palette': {
    model: PIXELS,
    async answer(sight, image, signal) {
      const { palette } = await sight.pixels(image, signal);
      return { colours: palette, dominant: palette[0]?.hex };
    },
  },
  'image-quality': {
    model: PIXELS,
    answer: async (sight, image, signal) => (await sight.pixels(image, signal)).quality,
  },
  'image-description': {
    model: `${DETECTOR}+pixels`,
    async answer(sight, image, signal) {
      const [detections, pixels] = await Promise.all([sight.detections(image, signal), sight.pixels(image, signal)]);
      return { image_description: describe(image, detections, pixels) };
    },
  },
};

/** The mean score of the people; for none, how far the best candidate can have been from counting. */
function countConfidence(people: readonly Detection[], minimumScore: number): number {
  if (people.length === 0) return percent(1 - minimumScore);
  return percent(people.reduce((sum, { score }) => sum + score, 0) / people.length);
}

function percent(part: number): number {
  return Math.round(part * 100);
}

function wholePixels({ box }: Detection): number[] {
  return box.map(Math.round);
}
