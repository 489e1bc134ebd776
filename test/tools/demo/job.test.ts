import { expect, test } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { buildDemoJob, demoAnalyses } from '../../../tools/demo/job.ts';
import { readDemoOptions } from '../../../tools/demo/options.ts';

const { definitions } = loadConfig([], {});

test('the demo knows every analysis that is defined, each once', () => {
  const defined = [...definitions.bySlug.keys()].filter((slug) => slug !== 'default');
  expect([...demoAnalyses].sort()).toEqual(defined.sort());
});

test('the detector inside the worker can compute the first five, and no other', () => {
  const embedded = demoAnalyses.map((slug) => definitions.bySlug.get(slug)?.embedded);
  expect(embedded.slice(0, 5)).toEqual(demoAnalyses.slice(0, 5));
  expect(embedded.slice(5).filter((kind) => kind !== undefined)).toEqual([]);
});

test('a job of 20 images and 25 analyses asks 25 different things', () => {
  const options = readDemoOptions(['--vision', 'stand-in', '--images', '20', '--analyses', '25']);
  if (options === 'help') throw new Error('not asked for');
  const { analyses, media } = buildDemoJob(options, 'a seed');
  const prompts = analyses.map(({ slug }) => definitions.bySlug.get(slug)?.prompt);
  expect([media.length, new Set(prompts).size, prompts.includes(undefined)]).toEqual([20, 25, false]);
});
