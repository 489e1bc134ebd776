import type { SmallPicture } from '../../../activities/qa/image-facts.ts';
import type { Corners } from '../../../activities/qa/texture.ts';

const [width, height] = [256, 128];

/** Grey, with fine noise where something is. */
export function texturedPicture(things: readonly Corners[]): SmallPicture {
  const levels = new Uint8Array(width * height * 3).fill(128);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const isThere = things.some(
        ([left, top, right, bottom]) =>
          x >= left * width && x < right * width && y >= top * height && y < bottom * height,
      );
      if (isThere) levels.fill((x * 7919 + y * 104_729 + x * y) % 251, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  return { levels, width, height };
}
