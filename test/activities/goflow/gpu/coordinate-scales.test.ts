import { describe, expect, test } from 'vitest';
import { CoordinateScales } from '../../../../activities/goflow/gpu/coordinate-scales.ts';
import { checkAnswer } from '../../../../activities/qa/check-answer.ts';
import { createMetrics } from '../../../../activities/shared/metrics.ts';
import type { CoordinateMode, Definition } from '../../../../workflows/goflow/contracts/analysis.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import type { Corners } from '../../../../activities/qa/texture.ts';
import { answerOf, detection, image, plainPixels, settings } from '../../qa/answers.ts';
import { texturedPicture } from '../../qa/textured-picture.ts';
import { analysisOn } from './analyses.ts';

const pixelsOf = (width: number, height: number, sha256 = 'one') => {
  return { ...image, sha256, width, height, originalWidth: width, originalHeight: height };
};
const boxed = (...boxes: number[][]) => ({
  objects: boxes.map((bbox_2d, index) => ({
    label: `cat ${'abcdefgh'[index] ?? ''}`,
    confidence: 40 + index,
    bbox_2d,
  })),
});
const inModeOf = (coordinates: CoordinateMode): Definition => ({ ...detection, coordinates });
const low = boxed([100, 200, 300, 400]);

/** A host's memory, and what it makes of an answer about an image. */
function memory() {
  const [metrics, recording] = [createMetrics(), recordingLog()];
  const scales = new CoordinateScales(recording.log, metrics);
  const judge = (name: string, answer: object, definition = detection, size: [number, number] = [1600, 1200]) => {
    const given = answerOf(answer, definition, { image: pixelsOf(...size, name) });
    const scale = scales.of(definition, {}).note(given);
    const { issues, isGood } = checkAnswer({ ...given, scale }, settings);
    return { isGood, told: issues.filter(({ rule }) => rule === 'coordinate_scale') };
  };
  const judgeMany = (images: number, ...rest: [object, Definition?, [number, number]?]) =>
    Array.from({ length: images }, (_, index) => judge(`image ${index}`, ...rest)).map(({ told }) => told.length);
  return { scales, judge, judgeMany, metrics, recording };
}

describe('boxes in pixels of images of 1600 x 1200', () => {
  test('none of which goes beyond 1000 are flagged, once chance is no explanation any more', () => {
    const { judge, judgeMany } = memory();
    expect(judgeMany(10, low)).toEqual(Array<number>(10).fill(0));
    const { isGood, told } = judge('one more', low);
    expect(isGood).toBe(true);
    expect(told).toMatchObject([{ action: 'flag', path: 'objects.0.bbox_2d' }]);
    expect(told[0]?.message).toContain('coordinate scale suspected: no coordinate above 1000 in 11 larger images');
    expect(told[0]?.message.length).toBeLessThanOrEqual(160);
  });

  test('count once for each image, however many boxes and analyses it has', () => {
    const { judge } = memory();
    for (let times = 0; times < 50; times += 1)
      expect(judge('the same', boxed([10, 10, 60, 70], [200, 50, 300, 90], [400, 300, 500, 600])).told).toEqual([]);
  });

  test('are believed for good once one box went further', () => {
    const { judge, judgeMany } = memory();
    judge('first', boxed([1100, 200, 1300, 400]));
    expect(judgeMany(60, low)).not.toContain(1);
  });

  test('are believed again when one goes further later', () => {
    const { judge, judgeMany } = memory();
    expect(judgeMany(20, low)).toContain(1);
    expect(judge('later', boxed([1100, 200, 1300, 400])).told).toEqual([]);
    expect(judge('last', low).told).toEqual([]);
  });

  test('reach as far as their size says, where sizes are asked for', () => {
    const sized = (...numbers: number[]) => ({ objects: [{ label: 'cat', confidence: 40, bbox: numbers }] });
    const [far, near] = [sized(800, 200, 600, 400), sized(300, 200, 600, 400)];
    expect(memory().judgeMany(30, far, inModeOf('pixels-size'))).not.toContain(1);
    expect(memory().judgeMany(30, near, inModeOf('pixels-size'))).toContain(1);
  });

  test('overshoot 1000 by a little when they are thousandths', () => {
    const { judge, judgeMany } = memory();
    judge('first', boxed([100, 200, 1004, 400]));
    expect(judgeMany(12, low)).toContain(1);
  });
});

test.each<[string, object, Definition, [number, number]]>([
  ['asked for in thousandths', low, inModeOf('rel1000'), [1600, 1200]],
  ['of images of at most 1000 pixels', low, detection, [1000, 750]],
  ['of images hardly larger', low, detection, [1100, 900]],
])('boxes %s tell nothing', (_, answer, definition, size) => {
  expect(memory().judgeMany(60, answer, definition, size)).not.toContain(1);
});

test('answers without boxes tell nothing', () => {
  expect(memory().judgeMany(60, boxed())).not.toContain(1);
});

test('other models, weights and modes are kept apart', () => {
  const { scales, judgeMany } = memory();
  judgeMany(30, low);
  const answer = answerOf(low, detection, { image: pixelsOf(1600, 1200) });
  expect(scales.of({ ...detection, model: 'other' }, {}).note(answer).images).toBe(1);
  expect(scales.of(detection, { digest: 'pulled anew' }).note(answer).images).toBe(1);
  expect(scales.of(inModeOf('pixels-yx'), {}).note(answer).images).toBe(1);
});

test('a chance below one in a thousand is what honest boxes anywhere in the image have', () => {
  // a generator of its own, so that every run sees the same boxes
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const point = () => [Math.floor(random() * 1580), Math.floor(random() * 1180)] as const;
  const alarms = Array.from({ length: 2_000 }, () => {
    const { scales } = memory();
    const scale = scales.of(detection, {});
    return Array.from({ length: 12 }, (_, index) => {
      const [x, y] = point();
      const answer = answerOf(boxed([x, y, x + 20, y + 20]), detection, { image: pixelsOf(1600, 1200, String(index)) });
      return scale.note(answer);
    }).some(({ images, chance }) => images >= 8 && chance <= 0.001);
  });
  expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(6);
});

describe('boxes of a model that means them in another way', () => {
  const shares: readonly Corners[] = Array.from({ length: 60 }, (_, index) => {
    const [left, top] = [0.05 + ((index * 7) % 10) / 30, 0.05 + ((index * 3) % 8) / 20];
    return [left, top, left + 0.25, top + 0.15];
  });
  /** Each image shows one thing; the sizes are such that nothing is known of the reach. */
  const look = (coordinates: CoordinateMode, write: (corners: readonly number[]) => number[]) => {
    const { scales, recording, metrics } = memory();
    const definition = inModeOf(coordinates);
    const scale = scales.of(definition, {});
    const name = coordinates.includes('yx') ? 'box_2d' : 'bbox_2d';
    const show = (corners: Corners, index: number) => {
      const answer = { objects: [{ label: 'cat', confidence: 50, [name]: write(corners).map(Math.round) }] };
      const pixels = plainPixels('#808080', { picture: texturedPicture([corners]) });
      const given = answerOf(answer, definition, { image: pixelsOf(1000, 500, `${index}`), facts: { pixels } });
      const { issues } = checkAnswer({ ...given, scale: scale.note(given) }, settings);
      const told = issues.filter(({ rule }) => rule === 'coordinate_scale');
      if (told.length > 0) scale.suspect();
      return told;
    };
    return { show, told: shares.flatMap(show), recording, metrics };
  };
  const inPixels = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => [a * 1000, b * 500, c * 1000, d * 500];
  const inThousandths = (corners: readonly number[]) => corners.map((at) => at * 1000);

  test('are told by what the images show: y first', async () => {
    const swapped = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => inThousandths([b, a, d, c]);
    const { told, recording, metrics } = look('rel1000', swapped);
    expect(told.length).toBeGreaterThan(10);
    expect(told[0]).toMatchObject({ action: 'flag' });
    expect(told[0]?.message).toContain('as rel1000-yx: mend vision.coordinates in gf25.yaml');
    expect(told[0]?.message.length).toBeLessThanOrEqual(160);
    expect(recording.lines()).toHaveLength(1);
    expect(recording.lines()[0]?.['msg']).toContain('set vision.coordinates for it to rel1000-yx');
    expect(await metrics.registry.metrics()).toContain('gf25_coordinate_scale_suspected{model="a-model"} 1');
  });

  test('are told by what the images show: of a smaller image', () => {
    const { told, recording } = look('pixels', (corners) => inPixels(corners).map((number) => number / 2));
    expect(told.length).toBeGreaterThan(10);
    expect(told[0]?.message).toContain('as pixels of an image 0.5 x as large: mend vision.image in gf25.yaml');
    expect(recording.lines()[0]?.['msg']).toContain('set vision.image to the size');
  });

  test.each<[CoordinateMode, (corners: readonly number[]) => number[]]>([
    ['pixels', inPixels],
    ['rel1000', inThousandths],
    ['rel1000-yx', ([a = 0, b = 0, c = 0, d = 0]) => inThousandths([b, a, d, c])],
  ])('are not, where they are right: %s', (mode, write) => {
    expect(look(mode, write).told).toEqual([]);
  });

  test('count once for each image', () => {
    const { show } = look('rel1000', inThousandths);
    const [first] = shares;
    const wrong = first && ([first[1], first[0], first[3], first[2]] as const);
    expect(Array.from({ length: 200 }, () => (wrong ? show(wrong, 1_000) : [])).flat()).toEqual([]);
  });
});

test('an analysis says once in the log what to set, and shows the model in the metrics', async () => {
  const { rules } = settings;
  const domain = [
    { rule: 'coordinate_scale' as const, on_fail: 'flag' as const, params: { max_chance: 0.7, min_images: 1 } },
  ];
  const { start, server, host, plan, metrics, recording, key } = await analysisOn({
    plan: { definition: { fields: detection.fields }, qa: { ...settings, rules: { ...rules, domain } } },
  });
  const place = host.places.find(key);
  Object.assign(place?.image ?? {}, { width: 1600, height: 1200 });
  server.script.add({ action: { kind: 'text', text: JSON.stringify(low) }, times: 3 });
  for (const { id } of plan.analyses) {
    const { answer } = await start({ analysisId: id }).result;
    expect(answer.verdicts?.domain).toBe('degraded');
  }
  const said = recording.lines().filter(({ msg }) => String(msg).includes('look like 0-1000'));
  expect(said).toMatchObject([{ model: 'a-model', coordinates: 'pixels', images: 1 }]);
  expect(said[0]?.['msg']).toContain('set vision.coordinates for it to rel1000');
  expect(await metrics.registry.metrics()).toContain('gf25_coordinate_scale_suspected{model="a-model"} 1');
});
