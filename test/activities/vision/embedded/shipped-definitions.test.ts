import { afterAll, describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../../activities/qa/check-answer.ts';
import { imageFacts } from '../../../../activities/qa/image-facts.ts';
import { createEmbeddedProvider } from '../../../../activities/vision/embedded/index.ts';
import { jsonSchemaOf } from '../../../../activities/vision/fields.ts';
import { loadConfig } from '../../../../config/load.ts';
import type { Definition } from '../../../../workflows/goflow/contracts/analysis.ts';
import { answerOf, settings } from '../../qa/answers.ts';
import { photograph, request } from './pictures.ts';

const provider = createEmbeddedProvider();
afterAll(() => provider.close());

const { definitions } = loadConfig([], {});
const embedded = [...definitions.bySlug.values()].filter((definition) => definition.embedded !== undefined);

/** What QA has to say of the detector's answer. */
async function issuesOf(definition: Definition) {
  const image = await photograph(2);
  const schema = jsonSchemaOf(definition.fields, 'pixels');
  const inference = await provider.infer(
    { ...request(image, definition.embedded), schema },
    new AbortController().signal,
  );
  const asked = { ...definition, coordinates: 'pixels' as const };
  const answer = { ...answerOf({}, asked), inference, image, facts: await imageFacts(image) };
  return checkAnswer(answer, settings);
}

describe('the embedded provider answers what is asked, and nothing else', () => {
  test.each(embedded.map((definition) => [definition.slug, definition] as const))('%s', async (_, definition) => {
    const { isGood, issues } = await issuesOf(definition);
    expect(isGood).toBe(true);
    expect(issues.filter(({ stage }) => stage === 'structural')).toEqual([]);
  });

  test('also where a definition wants less of each item of a list', async () => {
    const palette = definitions.bySlug.get('colour-palette');
    if (palette?.fields['colours']?.type !== 'list') throw new Error('the palette has a list of colours');
    const items = { type: 'object' as const, fields: { hex: { type: 'hex-colour' as const } } };
    const less = { ...palette, fields: { colours: { ...palette.fields['colours'], items } } };
    expect((await issuesOf(less)).issues.filter(({ rule }) => rule === 'schema_extra')).toEqual([]);
  });
});
