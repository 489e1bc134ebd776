import { expect, test } from 'vitest';
import { factsOf, spentOn } from '../../../client/report/combination-facts.ts';
import { costOf } from '../../../client/report/cost.ts';
import { renderReport } from '../../../client/report/render-report.ts';
import { toReportDocument } from '../../../client/report/report-document.ts';
import { renderCombinations } from '../../../client/cli/render/combinations.ts';
import { quietCli } from '../cli/quiet-cli.ts';
import { sampleAnswer, sampleMedia, sampleResults } from './sample-results.ts';

const prices = { currency: 'EUR', models: { 'a-model:7b': { input: 2, output: 10 } } };
const answer = sampleAnswer({ objects: [] });
const media = sampleMedia('m.jpg', [
  { name: 'object-detection', state: 'accepted', answer },
  { name: 'alt-text', state: 'accepted', answer },
  { name: 'weather', state: 'pending' },
]);
const results = sampleResults([media]);

test.each([
  ['tokens in and out have their own price', { modelUsed: 'a-model:7b', promptTokens: 1e6, outputTokens: 5e5 }, 7],
  ['a model without a price costs nothing that is known', { modelUsed: 'other', promptTokens: 1 }, undefined],
  ['neither do tokens that nobody counted', { modelUsed: 'a-model:7b' }, undefined],
])('%s', (_, made, amount) => {
  expect(costOf([made], prices)?.amount).toBe(amount);
  expect(costOf([made], undefined)).toBeUndefined();
});

test('a project costs what its combinations cost, in the report, its page and the CLI', async () => {
  const { spent, media: reported } = toReportDocument(results, prices);
  expect(reported[0]?.combinations.map(({ cost }) => cost?.amount)).toEqual([0.0025, 0.0025, undefined]);
  expect(spent.cost).toEqual({ amount: 0.005, currency: 'EUR' });
  expect(await renderReport(results, () => Promise.resolve(undefined), prices)).toContain('0.0050 EUR');

  const rows = media.combinations.map((one) => ({ mediaId: 'm', filename: 'm.jpg', ...factsOf(one, prices) }));
  const text = renderCombinations({ combinations: rows, spent: spentOn(rows) }, quietCli().cli.colours);
  expect(text).toMatch(/TOKENS +COST\n[^]*1000\+50 +0\.0025 EUR\n/);
  expect(text).toMatch(/2000 tokens in, 100 out, 0\.0050 EUR$/);
});

test('without prices nobody speaks of money', async () => {
  const rows = media.combinations.map((one) => ({ mediaId: 'm', filename: 'm.jpg', ...factsOf(one) }));
  const texts = [
    JSON.stringify(toReportDocument(results)),
    await renderReport(results, () => Promise.resolve(undefined)),
    renderCombinations({ combinations: rows, spent: spentOn(rows) }, quietCli().cli.colours),
  ];
  for (const text of texts) expect(text).not.toMatch(/cost|EUR/i);
});
