import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';

import { createEmbeddedProvider } from '../../../../activities/vision/embedded/index.ts';
import { VisionError, type ImageForModel } from '../../../../activities/vision/provider.ts';
import { imageOf, PEOPLE_IN_PHOTOGRAPH, photograph, request, stripes, type PhotographNumber } from './pictures.ts';

const never = new AbortController().signal;
const provider = createEmbeddedProvider();
afterAll(() => provider.close());

interface FoundObject {
  readonly label: string;
  readonly confidence: number;
  readonly bbox_2d: readonly [number, number, number, number];
}

async function ask(image: ImageForModel, kind: string): Promise<unknown> {
  return JSON.parse((await provider.infer(request(image, kind), never)).text);
}

async function objectsIn(image: ImageForModel): Promise<FoundObject[]> {
  return ((await ask(image, 'object-detection')) as { objects: FoundObject[] }).objects;
}

const numbers = Object.keys(PEOPLE_IN_PHOTOGRAPH).map(Number) as PhotographNumber[];

describe('the embedded provider on real photographs', () => {
  it.each(numbers)('finds the people of photograph %i, at most one less than there are', async (number) => {
    const image = await photograph(number);
    const answer = (await ask(image, 'people-count')) as {
      people_count: number;
      confidence: number;
      boxes: number[][];
    };
    expect(answer.people_count).toBeGreaterThanOrEqual(PEOPLE_IN_PHOTOGRAPH[number] - 1);
    expect(answer.people_count).toBeLessThanOrEqual(PEOPLE_IN_PHOTOGRAPH[number]);
    expect(answer.boxes).toHaveLength(answer.people_count);
    expect(answer.confidence).toBeGreaterThan(30);
    expect(Number.isInteger(answer.confidence)).toBe(true);
  });

  it('puts the boxes into pixels of the sent image', async () => {
    const people = (await objectsIn(await photograph(6))).filter(({ label }) => label === 'person');
    const centres = people.map(({ bbox_2d: [x1, , x2] }) => (x1 + x2) / 2).toSorted((a, b) => a - b);
    // The heads of the four, measured by eye in the 1344 pixels wide image.
    for (const [place, head] of [250, 555, 880, 1130].entries()) expect(centres[place]).toBeCloseTo(head, -2);
    for (const { bbox_2d } of people) expect(bbox_2d.every(Number.isInteger)).toBe(true);
  });

  it('ends boxes at the edge of the image, where it cuts people', async () => {
    const image = await photograph(5);
    const boxes = (await objectsIn(image)).map(({ bbox_2d }) => bbox_2d);
    expect(Math.max(...boxes.map(([, , , bottom]) => bottom))).toBe(image.height);
    for (const [x1, y1, x2, y2] of boxes) {
      expect(0 <= x1 && x1 < x2 && x2 <= image.width).toBe(true);
      expect(0 <= y1 && y1 < y2 && y2 <= image.height).toBe(true);
    }
  });

  it('sees the wine glass of photograph 1 on the left, and no other thing', async () => {
    const things = (await objectsIn(await photograph(1))).filter(({ label }) => label !== 'person');
    expect(things).toMatchObject([{ label: 'wine glass' }]);
    expect(things[0]?.bbox_2d[2]).toBeLessThan(400);
  });

  it('describes what it measured', async () => {
    expect(await ask(await photograph(1), 'image-description')).toEqual({
      image_description:
        'Three people were detected: one on the left, one in the centre and one on the right. ' +
        'The picture also seems to show one wine glass on the left. ' +
        'The main colours are black and brown; the picture is dark.',
    });
  });

  it('calls the night scene underexposed and the even one good', async () => {
    expect(await ask(await photograph(1), 'image-quality')).toMatchObject({ exposure: 'under', verdict: 'acceptable' });
    expect(await ask(await photograph(4), 'image-quality')).toMatchObject({ exposure: 'normal', verdict: 'good' });
  });

  it('names the purple wall of photograph 4 among its main colours', async () => {
    const { colours } = (await ask(await photograph(4), 'colour-palette')) as { colours: { name: string }[] };
    expect(colours.slice(0, 3).map(({ name }) => name)).toContain('purple');
  });
});

describe('the embedded provider', () => {
  it('answers like a model, with its name and its time', async () => {
    const image = await photograph(2);
    const detection = await provider.infer(request(image, 'object-detection'), never);
    expect(detection).toMatchObject({ finish: 'stop', model: 'embedded/centernet-coco', usage: {} });
    expect(detection.timings.totalMs).toBeGreaterThan(0);
    expect((await provider.infer(request(image, 'image-quality'), never)).model).toBe('embedded/pixels');
  });

  it('sees nothing in an empty picture, and says so', async () => {
    const blank = await imageOf(stripes(['#808080', 320]));
    expect(await ask(blank, 'object-detection')).toEqual({ objects: [] });
    expect(await ask(blank, 'people-count')).toEqual({ people_count: 0, confidence: 80, boxes: [] });
    expect(await ask(blank, 'image-description')).toEqual({
      image_description:
        'No people and no everyday objects were detected. ' +
        'The main colour is grey; the picture is of medium brightness and shows little sharp detail.',
    });
  });

  it('takes a one-channel greyscale image and names no colour in it', async () => {
    const colour = await photograph(6);
    const grey = await imageOf(sharp(colour.bytes).greyscale().toColourspace('b-w'), 'greyscale');
    const { image_description: text } = (await ask(grey, 'image-description')) as { image_description: string };
    expect(text).toContain('Four people');
    expect(text).not.toContain('colour');
  });

  it('looks at an image only once: the second question is answered without its bytes', async () => {
    const image = await photograph(3);
    const first = await ask(image, 'image-description');
    const unreadable = { ...image, bytes: Buffer.from('not an image') };
    expect(await ask(unreadable, 'image-description')).toEqual(first);
  });

  it('leaves the event loop free while the detector works', async () => {
    const fresh = { ...(await photograph(1)), sha256: 'not seen yet' };
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await provider.infer(request(fresh, 'object-detection'), never);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('says which kinds it knows when asked for another', async () => {
    const image = await imageOf(stripes(['red', 100]));
    for (const kind of ['ocr', 'toString', undefined]) {
      await expect(provider.infer(request(image, kind), never)).rejects.toMatchObject({
        kind: 'not-supported',
        scope: 'analysis',
        message: expect.stringContaining('object-detection, people-count, colour-palette') as string,
      });
    }
  });

  it('fails on bytes that are no image, for good', async () => {
    const image = { ...(await imageOf(stripes(['red', 100]))), bytes: Buffer.from('no image'), sha256: 'broken' };
    for (const kind of ['object-detection', 'image-quality']) {
      await expect(provider.infer(request(image, kind), never)).rejects.toMatchObject({
        kind: 'bad-image',
        scope: 'analysis',
      });
    }
  });

  it('says its version once the detector is loaded', async () => {
    expect(await provider.health(never)).toEqual({ version: 'embedded centernet-coco (@vladmandic/human 3.3.6)' });
  });

  it('stops at once on cancellation and at its deadline', async () => {
    const fresh = { ...(await photograph(2)), sha256: 'never seen' };
    const cancel = new AbortController();
    const cancelled = provider.infer(request(fresh, 'object-detection'), cancel.signal);
    cancel.abort();
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled', scope: 'attempt' });
    await expect(provider.infer(request(fresh, 'object-detection'), cancel.signal)).rejects.toBeInstanceOf(VisionError);
    await expect(provider.infer(request(fresh, 'object-detection', 1), never)).rejects.toMatchObject({
      kind: 'timeout',
      scope: 'attempt',
    });
    expect(await objectsIn(fresh)).not.toHaveLength(0);
  });

  it('names the missing package and the command, and still measures pixels', async () => {
    const bare = createEmbeddedProvider({
      resolvePackage: (name) => {
        if (name.startsWith('@vladmandic/')) throw new Error('Cannot find module');
        return `/packages/${name}/dist/index.js`;
      },
    });
    const image = await imageOf(stripes(['red', 100]));
    const missing = { kind: 'dependency-missing', scope: 'analysis' };
    await expect(bare.health(never)).rejects.toMatchObject(missing);
    await expect(bare.infer(request(image, 'people-count'), never)).rejects.toMatchObject({
      ...missing,
      message: expect.stringMatching(
        /@vladmandic\/human is not installed; run "npm install --include=optional"/,
      ) as string,
    });
    expect((await bare.infer(request(image, 'colour-palette'), never)).finish).toBe('stop');
    await bare.close();
  });

  it('lists only what reaches the limits it was given', async () => {
    const strict = createEmbeddedProvider({ limits: { minimumPersonScore: 0.6 } });
    const { text } = await strict.infer(request(await photograph(6), 'people-count'), never);
    expect(JSON.parse(text)).toMatchObject({ people_count: 2 });
    await strict.close();
  });

  it('fails calls after close as cancelled', async () => {
    const closed = createEmbeddedProvider();
    await closed.close();
    await expect(closed.health(never)).rejects.toMatchObject({ kind: 'cancelled', scope: 'attempt' });
  });
});
