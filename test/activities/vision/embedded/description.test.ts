import { describe as suite, expect, it } from 'vitest';

import { describe } from '../../../../activities/vision/embedded/description.ts';
import type { Detection } from '../../../../activities/vision/embedded/detections.ts';
import type { Quality } from '../../../../activities/vision/embedded/quality.ts';
import { imageOf, stripes } from './pictures.ts';

const image = await imageOf(stripes(['#808080', 300]));
const quality: Quality = {
  sharpness: 90,
  exposure: 'normal',
  contrast: 70,
  brightness_mean: 120,
  clipped_shadows_share: 0,
  clipped_highlights_share: 0,
  verdict: 'good',
  issues: [],
};
const palette = [{ hex: '#808080', name: 'grey', share: 1 }];
const light = 'The main colour is grey; the picture is of medium brightness.';

/** A thing whose centre is at `x` of 300 pixels. */
function thing(label: string, x: number): Detection {
  return { label, score: 0.5, box: [x - 10, 0, x + 10, 40] };
}

const told = (...detections: readonly Detection[]) => describe(image, detections, { palette, quality });

suite('a description', () => {
  it('places one person', () => {
    expect(told(thing('person', 20))).toBe(`One person was detected on the left. ${light}`);
  });

  it('counts people by place, also beyond the edges', () => {
    const people = [-5, 150, 160, 305].map((x) => thing('person', x));
    expect(told(...people)).toContain(
      'Four people were detected: one on the left, two in the centre and one on the right.',
    );
    expect(told(thing('person', 110), thing('person', 190))).toContain('Two people were detected: both in the centre.');
  });

  it('names objects without people', () => {
    expect(told(thing('knife', 20), thing('knife', 60), thing('wine glass', 280))).toBe(
      `The picture seems to show two knives (both on the left) and one wine glass on the right. ${light}`,
    );
  });

  it('does not decide between two labels on one box', () => {
    expect(told(thing('person', 150), thing('remote', 20), thing('cell phone', 20))).toContain(
      'also seems to show one remote or cell phone on the left.',
    );
  });

  it('ends a long list', () => {
    const things = ['cup', 'fork', 'spoon', 'bowl', 'cake', 'clock'].map((label, place) => thing(label, place * 50));
    expect(told(...things)).toContain('one bowl in the centre and other objects.');
  });

  it('tells dark from bright, and little detail', () => {
    const dark = { ...quality, exposure: 'under', brightness_mean: 20, issues: ['blurred or without detail'] } as const;
    expect(describe(image, [], { palette, quality: dark })).toContain(
      'the picture is dark and shows little sharp detail.',
    );
    const bright = { ...quality, brightness_mean: 190 };
    expect(describe(image, [], { palette, quality: bright })).toContain('the picture is bright.');
  });
});
