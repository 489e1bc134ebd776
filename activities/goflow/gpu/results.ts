import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Answer, Provenance } from '../../../workflows/goflow/contracts/media.ts';
import { longTexts } from '../../qa/long-texts.ts';
import type { Json } from '../../vision/fields.ts';
import type { ImageForModel } from '../../vision/provider.ts';
import type { GoodAnswer } from './ask.ts';

export interface MadeWith {
  readonly host: string;
  readonly provider: string;
  readonly serverVersion: string | undefined;
  readonly modelDigest: string | undefined;
  readonly definition: Definition;
  readonly image: ImageForModel;
  readonly waitedForLaneMs: number;
}

/** What E3 will say, and beside it, on our side, what it was made with (P6). */
export function answerOf(good: GoodAnswer, made: MadeWith): Answer {
  const { definition } = made;
  const inferenceMs = sum(good.inferences.map(({ timings }) => timings.totalMs));
  return {
    stored: {
      modelUsed: good.accepted.model,
      model: definition.model,
      userPromptUsed: good.userText,
      analysisResult: { ...good.result, processing_time_seconds: rounded(inferenceMs / 1000) },
    },
    verdicts: good.verdicts,
    provenance: provenanceOf(good, made, inferenceMs),
    labels: labelsOf(good.result),
    texts: longTexts(good.result),
  };
}

function provenanceOf({ inferences, attempts, qaMs }: GoodAnswer, made: MadeWith, inferenceMs: number): Provenance {
  const promptTokens = sum(inferences.map(({ usage }) => usage.promptTokens ?? 0));
  const cachedTokens = sum(inferences.map(({ usage }) => usage.cachedTokens ?? 0));
  const outputTokens = sum(inferences.map(({ usage }) => usage.outputTokens ?? 0));
  return {
    host: made.host,
    provider: made.provider,
    model: made.definition.model,
    ...(made.serverVersion !== undefined && { serverVersion: made.serverVersion }),
    ...(made.modelDigest !== undefined && { modelDigest: made.modelDigest }),
    definitionVersion: `${made.definition.slug}@${made.definition.version}`,
    imageSha256: made.image.sha256,
    imageVariant: made.image.variant,
    inferences: inferences.length,
    waitedForLaneMs: rounded(made.waitedForLaneMs),
    inferenceMs: rounded(inferenceMs),
    qaMs: rounded(qaMs),
    ...(promptTokens > 0 && { promptTokens }),
    ...(cachedTokens > 0 && { cachedTokens }),
    ...(outputTokens > 0 && { outputTokens }),
    issues: [],
    attempts: [...attempts],
  };
}

/** A colour analysis on a greyscale image: a reported, normal outcome for which no model is asked (G17). */
export const notApplicable = ({ model }: Definition): Answer => ({
  stored: {
    modelUsed: 'none',
    model,
    userPromptUsed: '',
    analysisResult: { not_applicable: true, reason: 'the image is greyscale', processing_time_seconds: 0 },
  },
  labels: {},
});

/** Names of things that have a box, and how often they were found. */
export function labelsOf(value: Json): Record<string, number> {
  // names come from a model: "constructor" is one like any other
  const labels = new Map<string, number>();
  const visit = (item: Json): void => {
    if (typeof item !== 'object' || item === null) return;
    if (!Array.isArray(item) && typeof item['name'] === 'string' && 'bounding_box' in item) {
      const label = item['name'].toLowerCase().slice(0, 60);
      labels.set(label, (labels.get(label) ?? 0) + 1);
    }
    Object.values(item).forEach(visit);
  };
  visit(value);
  return Object.fromEntries(labels);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const rounded = (value: number) => Math.round(value * 1000) / 1000;
