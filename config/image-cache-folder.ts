import { join } from 'node:path';

/** Where a GPU worker keeps its images: `<key>.jpg`, and `<key>.json` that names their hash. */
export const imageCacheFolderIn = (stateFolder: string): string => join(stateFolder, 'images');
