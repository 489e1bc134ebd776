import { describe, expect, test } from 'vitest';
import { gainsOf, mostGain, otherReadings } from '../../../activities/qa/other-readings.ts';
import { ReadingOdds } from '../../../activities/qa/reading-odds.ts';
import { type Corners, textureRank } from '../../../activities/qa/texture.ts';
import { countsPixels } from '../../../activities/vision/boxes.ts';
import { type CoordinateMode, coordinateModeSchema } from '../../../workflows/goflow/contracts/analysis.ts';
import { answerOf, detection, image, plainPixels } from './answers.ts';
import { texturedPicture } from './textured-picture.ts';

const thing: Corners = [0.1, 0.25, 0.4, 0.45];
const picture = texturedPicture([thing]);
const facts = { pixels: plainPixels('#808080', { picture }) };
/** 1000 x 500, so that numbers in pixels and in thousandths differ in one direction only. */
const inPixels = thing.map((at, index) => at * (index % 2 === 0 ? 1000 : 500));

const gains = (coordinates: CoordinateMode, ...boxes: number[][]) => {
  const definition = { ...detection, coordinates };
  const name = /size/.test(coordinates) ? 'bbox' : /yx/.test(coordinates) ? 'box_2d' : 'bbox_2d';
  const objects = boxes.map((box) => ({ label: 'cat', confidence: 50, [name]: box }));
  const found = gainsOf(answerOf({ objects }, definition, { image, facts }));
  const readings = otherReadings(coordinates).map(({ mode, scale }) => (scale === 1 ? mode : `x ${scale}`));
  return found && Object.fromEntries(readings.map((reading, index) => [reading, found[index]]));
};

describe('the rank of texture', () => {
  test('is high where boxes part a thing from what is around it, and nothing special elsewhere', () => {
    expect(textureRank([thing], picture)).toBeGreaterThan(0.95);
    expect(textureRank([[0.3, 0.3, 0.7, 0.8]], picture)).toBeLessThan(0.8);
  });

  test('is in the middle where the image shows nothing', () => {
    expect(textureRank([thing], texturedPicture([]))).toBeCloseTo(0.5);
  });

  test('does not exist for the whole image', () => {
    expect(textureRank([[0, 0, 1, 1]], picture)).toBeUndefined();
  });
});

describe('another reading', () => {
  test.each(coordinateModeSchema.options)('of %s is never the same one', (mode) => {
    const readings = otherReadings(mode);
    expect(readings.length).toBeGreaterThan(0);
    expect(readings).not.toContainEqual({ mode, scale: 1 });
    expect(readings.some(({ scale }) => scale !== 1)).toBe(countsPixels(mode));
  });

  test('of right boxes gains nothing', () => {
    for (const gain of Object.values(gains('pixels', inPixels) ?? {})) expect(gain).toBeLessThanOrEqual(0);
  });

  test('gains where the boxes lie only so on what is there', () => {
    const half = inPixels.map((number) => number / 2);
    expect(gains('pixels', half)?.['x 0.5']).toBeGreaterThan(0.1);
    const [left = 0, top = 0, right = 0, bottom = 0] = thing.map((share) => share * 1000);
    expect(gains('rel1000', [top, left, bottom, right])?.['rel1000-yx']).toBeGreaterThan(0.1);
  });

  test('gains or loses all where only one of both is possible', () => {
    expect(gains('pixels-size', [800, 100, 900, 400])).toMatchObject({ pixels: mostGain });
    expect(gains('pixels', [800, 100, 900, 400])).toMatchObject({ 'pixels-yx': -mostGain, 'x 0.5': -mostGain });
  });

  test('tells nothing without boxes', () => {
    expect(gains('pixels')).toBeUndefined();
  });
});

describe('the odds', () => {
  const [index, count] = [otherReadings('rel1000').findIndex(({ mode }) => mode === 'rel1000-yx'), 8];
  const oddsAfter = (images: number, gain: number, odds = new ReadingOdds('rel1000')) => {
    const one = otherReadings('rel1000').map((_, at) => (at === index ? gain : -0.1));
    for (let image = 0; image < images; image += 1) odds.take(one);
    return odds;
  };

  test('rise image by image for a reading that gains', () => {
    expect(oddsAfter(3, 0.15).best.chance).toBeGreaterThan(0.1);
    expect(oddsAfter(40, 0.15).best).toMatchObject({ reading: { mode: 'rel1000-yx', scale: 1 } });
    expect(oddsAfter(40, 0.15).best.chance).toBeLessThan(0.001);
  });

  test('stay where the gain is not worth the name', () => {
    expect(oddsAfter(count * 1_000, 0.02).best.chance).toBeGreaterThan(0.5);
  });

  test('fall again once the server was mended, however long it was wrong', () => {
    expect(oddsAfter(60, -0.15, oddsAfter(10_000, 0.3)).best.chance).toBe(1);
  });

  test('rise again once it was spoilt, however long it was right', () => {
    expect(oddsAfter(100, 0.15, oddsAfter(10_000, -0.3)).best.chance).toBeLessThan(0.001);
  });
});
