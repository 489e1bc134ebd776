import { readFile } from 'node:fs/promises';

import type { ImageForModel } from '../provider.ts';
import { readDetections, type Detection, type DetectionLimits } from './detections.ts';
import { findDetectorFiles, type DetectorFiles, type ResolvePackage } from './detector-files.ts';
import type { DetectorRows } from './detector.ts';
import { renderLetterbox } from './letterbox.ts';
import { measurePixels, type PixelMeasurements } from './pixels.ts';
import { createSharedCache } from './shared-cache.ts';
import { startDetectorThread } from './start-detector-thread.ts';
import { ThreadPool } from './thread-pool.ts';

/** What can be seen in an image. Each thing is found once per image, however many analyses ask for it. */
export interface Sight {
  readonly limits: DetectionLimits;
  /** Objects, best first. Boxes in pixels of `image.bytes`, unclamped. */
  detections(image: ImageForModel, signal: AbortSignal): Promise<readonly Detection[]>;
  pixels(image: ImageForModel, signal: AbortSignal): Promise<PixelMeasurements>;
  /** Loads the detector where that was not done yet, and says the version of the package its model comes from. */
  detectorVersion(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface SightOptions {
  readonly threads: number;
  readonly cachedImages: number;
  readonly limits: DetectionLimits;
  readonly resolvePackage?: ResolvePackage | undefined;
}

export function createSight(options: SightOptions): Sight {
  let files: DetectorFiles | undefined;
  const detectorFiles = () => (files ??= findDetectorFiles(options.resolvePackage));
  const detectionsByImage = createSharedCache<readonly Detection[]>(options.cachedImages);
  const pixelsByImage = createSharedCache<PixelMeasurements>(options.cachedImages);
  const pool = new ThreadPool<Uint8Array | undefined, DetectorRows | undefined>(options.threads, () =>
    startDetectorThread(detectorFiles()),
  );

  async function detect(image: ImageForModel, signal: AbortSignal): Promise<readonly Detection[]> {
    detectorFiles(); // An absent package is reported before any work.
    const { rgb, letterbox } = await renderLetterbox(image);
    const rows = await pool.run(rgb, signal);
    return readDetections(rows ?? new Float32Array(), letterbox, image, options.limits);
  }

  return {
    limits: options.limits,
    detections: (image, signal) => detectionsByImage.get(image.sha256, signal, (shared) => detect(image, shared)),
    pixels: (image, signal) => pixelsByImage.get(image.sha256, signal, () => measurePixels(image)),
    async detectorVersion(signal) {
      const { modelPackage } = detectorFiles();
      await pool.run(undefined, signal);
      const { version } = JSON.parse(await readFile(modelPackage, 'utf8')) as { version: string };
      return version;
    },
    close: () => pool.close(),
  };
}
