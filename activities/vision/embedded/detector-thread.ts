import { parentPort, workerData } from 'node:worker_threads';

import type { DetectorFiles } from './detector-files.ts';
import { loadDetector } from './detector.ts';

/**
 * The thread of the detector. A message without a picture only asks whether the model could be loaded.
 * It catches nothing: a failure ends the thread, and the pool tells the caller.
 */
const detect = await loadDetector(workerData as DetectorFiles);

async function answer(rgb: Uint8Array | undefined): Promise<void> {
  parentPort?.postMessage(rgb && (await detect(rgb)));
}

parentPort?.on('message', (rgb: Uint8Array | undefined) => void answer(rgb));
