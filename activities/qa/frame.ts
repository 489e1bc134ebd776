import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import type { Frame } from '../vision/boxes.ts';
import type { ImageForModel } from '../vision/provider.ts';

/** What brings a model's boxes back to the original. */
export const frameOf = ({ coordinates }: Definition, image: ImageForModel): Frame => ({
  mode: coordinates,
  sentWidth: image.width,
  sentHeight: image.height,
  originalWidth: image.originalWidth,
  originalHeight: image.originalHeight,
});
