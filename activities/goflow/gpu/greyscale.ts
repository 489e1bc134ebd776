import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Issue } from '../../../workflows/goflow/contracts/qa.ts';
import type { ImageForModel } from '../../vision/provider.ts';

/**
 * What is flagged in every answer about a greyscale image that stands in for one in colour (G17): nothing is known to be
 * wrong with it, but less was to be seen. An analysis that prefers greyscale got what it wanted.
 */
export function greyscaleDoubts({ image: wanted }: Definition, { variant }: ImageForModel): readonly Issue[] {
  if (variant !== 'greyscale' || wanted === 'greyscale') return [];
  const message = 'the greyscale image was used, since the one in colour could not be';
  return [{ stage: 'domain', rule: 'greyscale_image', path: '', message, action: 'flag' }];
}
