import type { ParsedAnswer, RawAnswer, Result } from '../../../activities/qa/types.ts';
import type { ImageForModel, Inference } from '../../../activities/vision/provider.ts';
import { type Definition, fieldSchema } from '../../../workflows/goflow/contracts/analysis.ts';
import type { QaSettings } from '../../../workflows/goflow/contracts/qa.ts';
import { loadConfig } from '../../../config/load.ts';
import { definitionOf } from '../../support/plans.ts';

const { qa, settings: shipped } = loadConfig([], {});

/** As shipped. */
export const settings: QaSettings = { ...shipped.qa, ...qa.content, ...qa.domain };

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

/** What the first stage looks at. */
export const rawAnswer = (answer: unknown, definition: Definition, more: Partial<Inference> = {}): RawAnswer => ({
  inference: inferenceOf(answer, more),
  definition,
  image,
});

/** What the later stages look at. */
export const parsedAnswer = (result: Result, more: Partial<ParsedAnswer> = {}): ParsedAnswer => ({
  result,
  definition: definitionOf(),
  image,
  settings,
  ...more,
});
