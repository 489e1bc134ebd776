import { readFile } from 'node:fs/promises';

import type { io } from '@tensorflow/tfjs-core';

import type { DetectorFiles } from './detector-files.ts';

/** Width and height in pixels of the picture that the network takes. */
export const DETECTOR_SIZE_PX = 512;

/** The network's best 100 boxes, each x1, y1, x2, y2 in pixels of its input, score 0 to 1, class 0 to 79. */
export type DetectorRows = Float32Array;

/** One inference: 512 x 512 pixels, RGB, a byte each. Blocks its thread for 150-300 ms of a laptop's core. */
export type Detect = (rgb: Uint8Array) => Promise<DetectorRows>;

/**
 * Loads CenterNet (MobileNetV3, COCO) on TensorFlow.js' WebAssembly backend, 0.1 s.
 * Source: github.com/610265158/mobilenetv3_centernet, as shipped by npm `@vladmandic/human` (MIT).
 */
export async function loadDetector(files: DetectorFiles): Promise<Detect> {
  const tf = await import('@tensorflow/tfjs-core');
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(files.wasmFolder);
  if (!(await tf.setBackend('wasm'))) throw new Error(`no WebAssembly backend in ${files.wasmFolder}`);
  const model = await loadGraphModel({ load: () => readModel(files) });

  return async (rgb) => {
    const input = tf.tensor4d(new Float32Array(rgb), [1, DETECTOR_SIZE_PX, DETECTOR_SIZE_PX, 3]);
    try {
      const output = model.execute(input, 'tower_0/detections') as ReturnType<typeof tf.tensor>;
      const rows = await output.data<'float32'>();
      output.dispose();
      return rows;
    } finally {
      input.dispose();
    }
  };
}

/** TensorFlow.js' own loader fetches URLs, and Node's fetch knows no `file:`. */
async function readModel(files: DetectorFiles): Promise<io.ModelArtifacts> {
  const model = JSON.parse(await readFile(files.modelJson, 'utf8')) as io.ModelJSON;
  const weights = await readFile(files.modelWeights);
  return {
    modelTopology: model.modelTopology,
    ...(model.signature ? { signature: model.signature } : {}),
    weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weights).buffer,
  };
}
