import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restrictDecoders } from '../../activities/images/decoders.ts';
import { normalise } from '../../activities/images/normalise.ts';
import { Failure } from '../../activities/shared/failure.ts';
import { canon } from '../activities/images/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { usableFiles } from './image-files.ts';
import { mutate, mutation } from './mutations.ts';
import { runs } from './runs.ts';

/** The aim is 2 s on an idle machine; ours may be shared by many. */
const aimMs = 2_000;
const limitMs = 15_000;
/** Two decodes of the largest image that is allowed take less. */
const maxGrowthMb = 600;

const usable = await usableFiles();
const rssMb = () => process.memoryUsage().rss / 1e6;

/** What came out: `used`, or the reason without what differs from file to file. */
async function outcomeOf(file: string | Buffer): Promise<string> {
  try {
    const { bytes, width, height } = await normalise(file, canon);
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect([width % canon.gridPixels, height % canon.gridPixels]).toEqual([0, 0]);
    expect(width * height).toBeLessThanOrEqual(canon.maxPixels);
    return 'used';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('ImageInvalid');
    expect(error.message).toMatch(/^the image cannot be used: \S.{8,250}$/);
    expect(error.message).not.toMatch(/undefined|\[object|: *$/);
    return error.message.replace('the image cannot be used: ', '').replace(/\d+/g, '#').slice(0, 110);
  }
}

test('a file that was damaged in any way is used or refused with a reason, soon and in little memory', async () => {
  restrictDecoders();
  const { numRuns, seed } = runs(500, 4_000);
  const path = join(await temporaryFolder(), 'file');
  const outcomes = new Map<string, number>();
  // first, every kind of file as it is: what libraries load once is no growth
  for (const file of usable) expect(await outcomeOf(file)).toBe('used');
  const startMb = rssMb();
  let [peakMb, slowestMs, slow, cases] = [startMb, 0, 0, 0];

  const damaged = fc.record({
    file: fc.integer({ min: 0, max: usable.length - 1 }),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
    isOnDisk: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(damaged, async ({ file, mutations, isOnDisk }) => {
      const content = mutations.reduce(mutate, usable[file] ?? Buffer.alloc(0));
      if (isOnDisk) await writeFile(path, content);
      const startedAt = performance.now();
      const outcome = await outcomeOf(isOnDisk ? path : content);
      const tookMs = performance.now() - startedAt;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      cases += 1;
      if (tookMs > aimMs) slow += 1;
      slowestMs = Math.max(slowestMs, tookMs);
      peakMb = Math.max(peakMb, rssMb());
      expect(tookMs).toBeLessThan(limitMs);
      expect(peakMb - startMb).toBeLessThan(maxGrowthMb);
    }),
    { numRuns, seed, verbose: true },
  );
  const table = [...outcomes]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${String(count).padStart(6)}  ${reason}`);
  const summary = `${cases} damaged images (seed ${seed}): slowest ${Math.round(slowestMs)} ms, ${slow} above ${aimMs} ms, memory ${Math.round(startMb)} -> ${Math.round(peakMb)} MB at most`;
  process.stdout.write(`${[summary, ...table.slice(0, 40)].join('\n')}\n`);
  // a fuzzer that only breaks the first bytes finds nothing
  expect(outcomes.get('used') ?? 0).toBeGreaterThan(numRuns * 0.05);
  expect(outcomes.get('used') ?? 0).toBeLessThan(numRuns * 0.8);
  expect(outcomes.size).toBeGreaterThan(8);
}, 1_800_000);
