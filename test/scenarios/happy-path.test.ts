import { expect, test } from 'vitest';
import { expectCompleted } from '../support/expectations.ts';
import { openSite } from '../support/site.ts';

const lanes = 8;
/** Long beside what our own part of an analysis takes, on a busy machine, too. */
const latencyMs = 500;
/** At rest about half of it; without regard to images it would be most combinations. */
const mostEncodes = (images: number) => 2 * (images + lanes);

test.each([
  [1, 1],
  [15, 20],
  [20, 25],
] as const)(
  'a project of %i images x %i analyses is reported once, in order, and completed',
  async (images, analyses) => {
    const site = await openSite({ hosts: [{ slots: lanes, latencyMs }] });
    const job = site.enqueue({ images, analyses });
    const result = await site.finished(job);
    expect(result).toMatchObject({
      combinations: images * analyses,
      done: images * analyses,
      failed: 0,
      report: 'accepted',
    });
    expectCompleted(site, job);
    expect(Object.values(site.goflow.downloads())).toEqual(Array<number>(images).fill(1));
    const { encodes = 0, maxInFlight = Infinity } = site.hosts[0]?.vision.stats() ?? {};
    expect(encodes).toBeGreaterThanOrEqual(images);
    expect(encodes).toBeLessThanOrEqual(mostEncodes(images));
    expect(maxInFlight).toBeLessThanOrEqual(lanes);
    await site.close();
  },
);

test('two hosts share a project, each image on one of them', async () => {
  const site = await openSite({ hosts: [{ slots: 2 }, { slots: 2 }] });
  const job = site.enqueue({ images: 6, analyses: 5 });
  await site.finished(job);
  expectCompleted(site, job);
  const images = site.hosts.map(({ vision }) => new Set(vision.calls().map(({ imageSha256 }) => imageSha256)));
  expect(images.every((set) => set.size >= 2)).toBe(true);
  expect(new Set(images.flatMap((set) => [...set])).size).toBe(6);
  expect(images.reduce((sum, set) => sum + set.size, 0)).toBe(6);
  await site.close();
});
