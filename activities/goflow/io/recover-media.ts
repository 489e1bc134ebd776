import type { MediaLedger } from '../../../workflows/goflow/contracts/media.ts';
import type { ProjectDirectory } from '../../shared/project-directory.ts';

/** What an image whose workflow ended without a result is known to have sent. */
export async function recoverMedia(
  { directory }: { directory: ProjectDirectory },
  { projectId, mediaId }: { projectId: string; mediaId: string },
): Promise<MediaLedger> {
  return (await directory.mediaLedger(projectId, mediaId)) ?? { accepted: [], open: [] };
}
