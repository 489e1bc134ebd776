import pLimit from 'p-limit';
import type { MediaItem } from '../../workflows/goflow/contracts/job.ts';
import type { StagedImage } from '../../workflows/goflow/contracts/media.ts';
import { sha256 } from '../shared/digest.ts';
import { Failure } from '../shared/failure.ts';
import { joinUrl } from '../shared/goflow-client.ts';
import { createSingleFlight } from '../shared/single-flight.ts';
import type { ImageForModel } from '../vision/provider.ts';
import type { CachedImage } from './cache.ts';
import { createFetchFile, type FetchFileDeps } from './fetch-file.ts';
import { type Asker, createMissingImages } from './missing-images.ts';
import { type Canon, normalise, recipeOf } from './normalise.ts';

type Variant = StagedImage['variant'];

/** Images as the models of this host see them. */
export interface Images {
  /**
   * Downloads, checks and normalises an image, or takes it from the cache. The preferred variant is tried first, the
   * other one when that one cannot be used (G17).
   *
   * @throws {Failure} an image code of the catalogue: of the preferred variant when neither can be used, of the other
   * one when that may still come
   */
  prepare(media: MediaItem, preferred: Variant, signal: AbortSignal): Promise<ImageForModel>;
  /** The same image again, if it is still in the cache. */
  recall(media: MediaItem, image: StagedImage): Promise<ImageForModel | undefined>;
}

export interface ImagesDeps extends FetchFileDeps {
  readonly canon: Canon;
  readonly mediaBaseUrl: string;
}

/** Decoding takes up to 200 MB for a moment: this many at once. */
const maxDecodes = 1;

export function createImages({ cache, download, canon, mediaBaseUrl, maxDownloads, metrics }: ImagesDeps): Images {
  const fetchFile = createFetchFile({ cache, download, maxDownloads, metrics });
  const decodes = pLimit(maxDecodes);
  const flights = createSingleFlight<CachedImage>();
  const missing = createMissingImages();
  const keyOf = (url: string) => sha256(JSON.stringify([url, recipeOf(canon)]));

  const fetchImage = (url: string, signal: AbortSignal): Promise<CachedImage> =>
    fetchFile(url, signal, async (source) => {
      const canonical = await decodes(() => normalise(source, canon));
      return { ...canonical, sha256: sha256(canonical.bytes) };
    });

  const get = async (url: string, asker: Asker, signal: AbortSignal): Promise<CachedImage> => {
    const key = keyOf(url);
    // the look into the cache is part of the flight: a slow one would end behind the flight and fetch once more
    return flights.do(key, signal, async (flightSignal) => {
      const cached = await cache.get(key);
      if (cached) return cached;
      return missing.remember(key, asker, async () => {
        const image = await fetchImage(url, flightSignal);
        await cache.put(key, image);
        return image;
      });
    });
  };

  return {
    async prepare(media, preferred, signal) {
      const asker = { mediaId: media.id };
      const other: Variant = preferred === 'optimised' ? 'greyscale' : 'optimised';
      try {
        return forModel(await get(urlOf(media, preferred, mediaBaseUrl), asker, signal), preferred);
      } catch (error) {
        if (!isUnusable(error)) throw error;
        const image = await get(urlOf(media, other, mediaBaseUrl), asker, signal).catch((second: unknown) => {
          throw isForGood(second) ? error : second;
        });
        return forModel(image, other);
      }
    },
    async recall(media, { variant, sha256 }) {
      const cached = await cache.get(keyOf(urlOf(media, variant, mediaBaseUrl)));
      return cached?.sha256 === sha256 ? forModel(cached, variant) : undefined;
    },
  };
}

/** The file itself is at fault, and not the way to it. */
const isUnusable = (error: unknown) =>
  error instanceof Failure && (error.code === 'ImageMissing' || error.code === 'ImageInvalid');

/** Another attempt would find the same; a host that is down, or a cancellation, says nothing about the image. */
const isForGood = (error: unknown) => error instanceof Failure && error.code !== 'ImageUnreachable';

/** Paths with a scheme are absolute, all others are joined to the media base (P15). */
export function urlOf(media: MediaItem, variant: Variant, mediaBaseUrl: string): string {
  const path = variant === 'optimised' ? media.optimised_path : media.greyscale_path;
  return /^[a-z][a-z\d+.-]*:/i.test(path) ? path : joinUrl(mediaBaseUrl, path);
}

const forModel = (
  { bytes, width, height, originalWidth, originalHeight, sha256 }: CachedImage,
  variant: Variant,
): ImageForModel => ({
  bytes,
  mime: 'image/jpeg',
  width,
  height,
  originalWidth,
  originalHeight,
  sha256,
  variant,
});
