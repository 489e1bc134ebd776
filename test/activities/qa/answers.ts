import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import type { PixelFacts } from '../../../activities/qa/image-facts.ts';
import type { Answer } from '../../../activities/qa/types.ts';
import { labOf } from '../../../activities/vision/embedded/cielab.ts';
import type { ImageForModel, Inference } from '../../../activities/vision/provider.ts';
import { type Definition, fieldSchema } from '../../../workflows/goflow/contracts/analysis.ts';
import type { QaSettings } from '../../../workflows/goflow/contracts/qa.ts';
import { loadConfig } from '../../../config/load.ts';
import { qaSettingsOf } from '../../../config/qa.ts';
import { definitionOf } from '../../support/plans.ts';

const { qa, settings: shipped } = loadConfig([], {});

/** As shipped. */
export const settings: QaSettings = qaSettingsOf(qa, shipped);

/** 2000 x 1000 pixels, sent at half of that. */
export const image: ImageForModel = {
  ...{ bytes: Buffer.from('a JPEG'), mime: 'image/jpeg', sha256: 'of these bytes', variant: 'optimised' },
  ...{ width: 1000, height: 500, originalWidth: 2000, originalHeight: 1000 },
};

export function inferenceOf(answer: unknown, overrides: Partial<Inference> = {}): Inference {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return { text, finish: 'stop', model: 'a-model', usage: {}, timings: { totalMs: 1 }, ...overrides };
}

/** A definition with these fields, as they stand in YAML. */
export function defined(yaml: Record<string, object>, overrides: Partial<Definition> = {}): Definition {
  const fields = Object.fromEntries(Object.entries(yaml).map(([name, field]) => [name, fieldSchema.parse(field)]));
  return definitionOf({ fields, ...overrides });
}

/** What a detector is asked. */
export const detection = defined({
  objects_detected: {
    type: 'list',
    ask: 'objects',
    items: {
      type: 'object',
      fields: {
        name: { type: 'string', ask: 'label' },
        confidence: { type: 'percent' },
        bounding_box: { type: 'box' },
      },
    },
  },
});

/** An answer with all that it is judged by. */
export const answerOf = (answer: unknown, definition: Definition, more: Partial<Answer> = {}): Answer => ({
  inference: inferenceOf(answer),
  definition,
  image,
  prompt: 'What is it?',
  facts: {},
  ...more,
});

/** What was found in an answer: rule, action and place of each issue. */
export function found(answer: Answer, given = settings): string[] {
  return checkAnswer(answer, given).issues.map(({ rule, action, path }) => `${rule} ${action} ${path}`.trimEnd());
}

/** Pixels of one brightness without edges. */
export const plainPixels = (hex: string, more: Partial<PixelFacts> = {}): PixelFacts => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const lab = labOf(red, green, blue);
  return {
    colours: [{ lab, share: 1 }],
    brightness: (red + green + blue) / 3,
    colourfulness: Math.max(red, green, blue) - Math.min(red, green, blue),
    range: 0,
    steepness: 0,
    picture: { levels: new Uint8Array(64 * 32 * 3).fill(128), width: 64, height: 32 },
    ...more,
  };
};
