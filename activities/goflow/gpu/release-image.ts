import type { ReleaseImageInput } from '../../../workflows/goflow/contracts/activities.ts';
import { Failure } from '../../shared/failure.ts';
import type { Host } from './host.ts';
import { placeKey } from './places.ts';

/** Gives the image's place back. With `abort`, what still waits or runs for it ends at once, down to the socket. */
export async function releaseImage(
  { host }: { host: Host },
  { projectId, mediaId, abort }: ReleaseImageInput,
): Promise<void> {
  const key = placeKey(projectId, mediaId);
  host.places.release(key, abort ? new Failure('ImageReleased', 'the image was given back') : undefined);
}
