import { describe, expect, it } from 'vitest';

import { COCO_LABELS } from '../../../../activities/vision/embedded/coco-labels.ts';
import { DEFAULT_LIMITS, overlap, readDetections } from '../../../../activities/vision/embedded/detections.ts';
import { fitLetterbox } from '../../../../activities/vision/embedded/letterbox.ts';

const PERSON = COCO_LABELS.indexOf('person');
const CUP = COCO_LABELS.indexOf('cup');
const size = { width: 512, height: 512 };
const square = fitLetterbox(512, 512);

function read(...rows: readonly (readonly number[])[]) {
  return readDetections(Float32Array.from(rows.flat()), square, size, DEFAULT_LIMITS);
}

describe('detections', () => {
  it('know the 80 labels of COCO', () => {
    expect(new Set(COCO_LABELS).size).toBe(80);
    expect([COCO_LABELS[0], COCO_LABELS[41], COCO_LABELS[67], COCO_LABELS[79]]).toEqual([
      'person',
      'cup',
      'cell phone',
      'toothbrush',
    ]);
  });

  it.each([
    { width: 1024, height: 512, input: [0, 128, 512, 384], image: [0, 0, 1024, 512] },
    { width: 512, height: 1024, input: [128, 0, 384, 512], image: [0, 0, 512, 1024] },
    { width: 256, height: 256, input: [-2, 0, 512, 514], image: [0, 0, 256, 256] },
  ])('are in pixels of the $width x $height image', ({ width, height, input, image }) => {
    const rows = Float32Array.from([...input, 0.9, PERSON]);
    const [found] = readDetections(rows, fitLetterbox(width, height), { width, height }, DEFAULT_LIMITS);
    expect(found?.box).toEqual(image);
  });

  it('are left out where no pixel of the image is in them', () => {
    const beside = [-40, 10, -2, 90];
    const sliver = [511.8, 10, 530, 90];
    expect(read([...beside, 0.9, PERSON], [...sliver, 0.9, PERSON])).toEqual([]);
  });

  it('are left out below the least score of their kind, or without a class', () => {
    const box = [0, 0, 10, 10];
    expect(read([...box, 0.25, PERSON])).toHaveLength(1);
    expect(read([...box, 0.15, PERSON], [...box, 0.25, CUP], [...box, 0.9, NaN], [...box, 0.9, 80])).toEqual([]);
  });

  it('keep the best of overlapping boxes of one label, and others beside it', () => {
    const found = read(
      [0, 0, 100, 100, 0.5, PERSON],
      [5, 0, 105, 100, 0.75, PERSON],
      [0, 0, 100, 100, 0.625, CUP],
      [80, 0, 180, 100, 0.375, PERSON],
    );
    expect(found.map(({ label, score }) => [label, score])).toEqual([
      ['person', 0.75],
      ['cup', 0.625],
      ['person', 0.375],
    ]);
  });

  it('overlap by the shared part of their union', () => {
    expect(overlap([0, 0, 10, 10], [0, 0, 10, 10])).toBe(1);
    expect(overlap([0, 0, 10, 10], [5, 0, 15, 10])).toBeCloseTo(1 / 3);
    expect(overlap([0, 0, 10, 10], [10, 10, 20, 20])).toBe(0);
    expect(overlap([5, 5, 5, 5], [5, 5, 5, 5])).toBe(0);
  });
});
