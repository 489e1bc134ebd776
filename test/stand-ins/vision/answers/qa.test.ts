import { expect, test } from 'vitest';
import { checkAnswer } from '../../../../activities/qa/check-answer.ts';
import { imageFacts } from '../../../../activities/qa/image-facts.ts';
import { jsonSchemaOf } from '../../../../activities/vision/fields.ts';
import { renderPrompt } from '../../../../activities/vision/prompt.ts';
import type { ImageForModel } from '../../../../activities/vision/provider.ts';
import { loadConfig } from '../../../../config/load.ts';
import { qaSettingsOf } from '../../../../config/qa.ts';
import type { Definition } from '../../../../workflows/goflow/contracts/analysis.ts';
import { drawImage } from '../../goflow/generated-image.ts';
import { lookAt } from '../engine/look.ts';
import { randomFrom } from '../random.ts';
import { composeAnswer } from './compose.ts';

const { definitions, settings, qa } = loadConfig([], {});
const qaSettings = qaSettingsOf(qa, settings);
const [width, height, seeds] = [1036, 784, 50];

/** What QA finds in the stand-in's answers to every analysis, many times each, one line per answer that has a fault. */
async function faultsAbout(bytes: Buffer): Promise<{ faults: string[]; answers: number }> {
  const size = { width, height, originalWidth: width, originalHeight: height };
  const image: ImageForModel = { ...size, bytes, mime: 'image/jpeg', sha256: '', variant: 'optimised' };
  const facts = await imageFacts(image);
  const look = await lookAt(bytes);
  const faults = [...definitions.bySlug.values()].flatMap((definition) => {
    const schema = jsonSchemaOf(definition.fields, definition.coordinates);
    const given = { definition, image, facts, prompt: promptOf(definition), system: definitions.systemPrompt };
    return Array.from({ length: seeds }, (_, seed) => {
      const random = randomFrom(definition.slug, seed);
      const text = composeAnswer({ schema, random, transform: undefined, question: given.prompt, look });
      const inference = { text, finish: 'stop', model: 'm', usage: {}, timings: { totalMs: 1 } } as const;
      const [first] = checkAnswer({ ...given, inference }, qaSettings).issues;
      return first ? [`${definition.slug} ${seed}: ${first.rule}: ${first.message}`] : [];
    }).flat();
  });
  return { faults, answers: definitions.bySlug.size * seeds };
}

const promptOf = (definition: Definition) =>
  renderPrompt(definition, { analysisName: 'A name', analysisSlug: 'a-slug', imageWidth: width, imageHeight: height });

/** So that the stand-in costs the demo no repairs and no doubts. */
const allowedShare = 0.005;

test.each([
  ['no picture', undefined],
  ['a picture', { grey: false }],
  ['a grey picture', { grey: true }],
])('answers that nobody scripted pass QA: about %s', async (_, how) => {
  const bytes = how ? await drawImage({ seed: 'one', width, height, format: 'jpeg', ...how }) : Buffer.alloc(0);
  const { faults, answers } = await faultsAbout(bytes);
  expect(faults.length, faults.join('\n')).toBeLessThanOrEqual(answers * allowedShare);
});
