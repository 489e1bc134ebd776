import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { findDetectorFiles } from '../../../../activities/vision/embedded/detector-files.ts';
import { loadDetector } from '../../../../activities/vision/embedded/detector.ts';
import { renderLetterbox } from '../../../../activities/vision/embedded/letterbox.ts';
import { photograph } from './pictures.ts';

describe('the detector', () => {
  it('gives the same 100 rows for the same picture, and keeps no tensor', async () => {
    const detect = await loadDetector(findDetectorFiles());
    const { rgb } = await renderLetterbox(await photograph(1));
    const first = await detect(rgb);
    const tensors = tf.memory().numTensors;
    for (let call = 0; call < 4; call += 1) expect(await detect(rgb)).toEqual(first);
    expect(first).toHaveLength(600);
    expect(tf.memory().numTensors).toBe(tensors);
    await expect(detect(new Uint8Array(3))).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
