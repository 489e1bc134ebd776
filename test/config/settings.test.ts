import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { merge, settingsSchema } from '../../config/settings.ts';

const shipped = loadConfig([], {}).settings;

/** The shipped settings with one value changed; undefined takes it away. */
function changed(path: string, value: unknown): unknown {
  const settings = structuredClone(shipped) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, settings);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return settings;
}

describe('a setting', () => {
  test.each<[string, unknown]>([
    ['intake.pollIntervalSeconds', 0],
    ['intake.pollIntervalSeconds', '10'],
    ['intake.maxConcurrentProjects', 0],
    ['intake.maxOpenProjects', 1.5],
    ['goflow.slowRetrySeconds', -1],
    ['vision.model', ''],
    ['vision.coordinates', 'percent'],
    ['vision.contextTokens', 1_000],
    ['vision.image.gridPixels', 0],
    ['vision.image.minPixels', 2_097_153],
    ['vision.image.gridPixels', 1_449],
    ['vision.inferenceTimeoutSeconds', 2_147_484],
    ['vision.attempts', 0],
    ['vision.prices', { currency: 'euro', models: {} }],
    ['vision.prices', { currency: 'EUR', models: { 'a:7b': { input: -1, output: 0 } } }],
    ['images.allowedHosts', 'a.example'],
    ['images.allowedHosts', ['']],
    ['images.cacheMaxBytes', -1],
    ['images.cacheTtlHours', 0],
    ['images.maxDownloadsPerHost', 0],
    ['gpu.stageAheadPerLane', -0.5],
    ['gpu.idlePlaceSeconds', 0],
    ['project.mediaInFlight', 0],
    ['analysis.unknownSlug', 'guess'],
    ['failures.policy', 'hope'],
    ['failures.maxFailedShare', 1.1],
    ['failures.maxFailedShare', -0.1],
    ['qa.maxRepairs', -1],
    ['qa.budgetSeconds', Infinity],
    ['report.type', ''],
    ['vision.typo', 1],
    ['typo', {}],
    ['report', undefined],
    ['qa.maxRepairs', undefined],
  ])('%s may not be %j', (path, value) => {
    const { error } = settingsSchema.safeParse(changed(path, value));
    expect(error?.issues).toHaveLength(1);
    const [issue] = error?.issues ?? [];
    const named = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join('.');
    expect(named.startsWith(path)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['images.cacheMaxBytes', 0],
    ['failures.maxFailedShare', 1],
    ['failures.policy', 'accept'],
    ['gpu.stageAheadPerLane', 0],
    ['qa.maxRepairs', 0],
    ['intake.pollIntervalSeconds', 0.2],
    ['project.continueAsNewAfterEvents', 100],
  ])('%s may be %j', (path, value) => {
    expect(settingsSchema.safeParse(changed(path, value)).success).toBe(true);
  });
});

describe('an overlay', () => {
  test.each<[unknown, unknown, unknown]>([
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: 1 }, { a: 2 }, { a: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    [{ a: { b: 1 } }, { a: 7 }, { a: 7 }],
    [{ a: 7 }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: { b: 1 } }, { a: null }, { a: null }],
    [{ a: 1 }, {}, { a: 1 }],
    [{ a: 1 }, [1], [1]],
  ])('over %j, %j gives %j', (base, over, expected) => {
    const before = structuredClone(base);
    expect(merge(base, over)).toEqual(expected);
    expect(base).toEqual(before);
  });
});
