import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { VisionError } from '../provider.ts';

/** Absolute paths of what the detector loads, as npm installed it. */
export interface DetectorFiles {
  /** The graph of the network, 200 kB, and its weights, 4 MB. */
  readonly modelJson: string;
  readonly modelWeights: string;
  /** The package.json that names the model's version. */
  readonly modelPackage: string;
  /** Folder of TensorFlow.js' WebAssembly binaries, with a slash at its end as `setWasmPaths` wants it. */
  readonly wasmFolder: string;
}

/** Finds the entry file of an installed package; throws where it is not installed. */
export type ResolvePackage = (name: string) => string;

const resolveFromHere: ResolvePackage = (name) => createRequire(import.meta.url).resolve(name);

/**
 * Looks the optional packages up without loading them. Models and binaries are not among the packages' `exports`,
 * so they are found from the place of the entry file, which is `dist/<file>` in all of them.
 *
 * @throws {VisionError} kind `dependency-missing`, scope `analysis`, naming the package and the command
 */
export function findDetectorFiles(resolve: ResolvePackage = resolveFromHere): DetectorFiles {
  folderOfEntry(resolve, '@tensorflow/tfjs-core');
  folderOfEntry(resolve, '@tensorflow/tfjs-converter');
  const wasmFolder = folderOfEntry(resolve, '@tensorflow/tfjs-backend-wasm');
  const humanFolder = dirname(folderOfEntry(resolve, '@vladmandic/human'));
  return {
    modelJson: join(humanFolder, 'models', 'centernet.json'),
    modelWeights: join(humanFolder, 'models', 'centernet.bin'),
    modelPackage: join(humanFolder, 'package.json'),
    wasmFolder: join(wasmFolder, '/'),
  };
}

function folderOfEntry(resolve: ResolvePackage, name: string): string {
  try {
    return dirname(resolve(name));
  } catch (cause) {
    throw new VisionError(
      `embedded: the optional package ${name} is not installed; run "npm install --include=optional", ` +
        'or use a vision server',
      { kind: 'dependency-missing', scope: 'analysis', cause },
    );
  }
}
