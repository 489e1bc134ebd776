import { getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import { projectWorkflowId } from '../contracts/ids.ts';
import {
  beginSignal,
  mediaLedgerQuery,
  pauseMediaSignal,
  pauseOrderSchema,
  resumeMediaSignal,
  stagedSignal,
  stagingSignal,
} from '../contracts/messages.ts';
import type { MediaState } from './media-state.ts';

/** What an image tells its project. */
export interface ToProject {
  /** Admitted on a host, or ready without one. */
  staged(host: string | undefined): Promise<void>;
  /** Without a host again. */
  staging(): Promise<void>;
}

/** Connects an image to its project, both ways. */
export function listenAsMedia(state: MediaState): ToProject {
  const { projectId, media } = state.input;
  setHandler(beginSignal, () => {
    state.begun = true;
  });
  setHandler(pauseMediaSignal, (input) => state.pause(true, pauseOrderSchema.safeParse(input).data?.order));
  setHandler(resumeMediaSignal, (input) => state.pause(false, pauseOrderSchema.safeParse(input).data?.order));
  setHandler(mediaLedgerQuery, () => state.ledger(), { description: 'What was sent to GoFlow' });

  // without a run id: the project may have continued as new
  const project = getExternalWorkflowHandle(projectWorkflowId(projectId));
  return {
    staged: (host) => project.signal(stagedSignal, { mediaId: media.id, ...(host !== undefined && { host }) }),
    staging: () => project.signal(stagingSignal, { mediaId: media.id }),
  };
}
