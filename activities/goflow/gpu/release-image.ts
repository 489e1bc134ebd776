import type { ReleaseImageInput } from '../../../workflows/goflow/contracts/activities.ts';
import { Failure } from '../../shared/failure.ts';
import type { Host } from './host.ts';
import { placeKey } from './places.ts';

const released = (because: string) => new Failure('ImageReleased', because);

/**
 * Gives the image's place back. With `abort`, what still waits or runs for it ends at once, down to the socket. With
 * `onlyWaiting` the image stays, what runs goes on, and what waits for a lane is handed back.
 */
export async function releaseImage(
  { host }: { host: Host },
  { projectId, mediaId, abort, onlyWaiting }: ReleaseImageInput,
): Promise<void> {
  const key = placeKey(projectId, mediaId);
  if (onlyWaiting) host.lanes.evictNew(key, released('the project was paused'));
  else host.places.release(key, abort ? released('the image was given back') : undefined);
}
