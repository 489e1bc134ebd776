import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Phase } from '../contracts/progress.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { detailsOf, progressOf } from './progress.ts';
import type { ProjectState } from './project-state.ts';

/** Brings what operators see up to date. `since` is when the present phase began. */
export interface Show {
  (): void;
  since(): string;
}

/** Search attributes cost an event each, so they are written only when they change; the details cost none. */
export function createShow(state: ProjectState): Show {
  let phase: Phase | undefined;
  let failed: number | undefined;
  let since = new Date().toISOString();

  const show = () => {
    const nowPhase = state.phase();
    const nowFailed = state.hasPlan ? state.combinations.counts().failed : 0;
    if (nowPhase !== phase) since = new Date().toISOString();
    if (state.input.searchAttributes && (nowPhase !== phase || nowFailed !== failed)) {
      upsertSearchAttributes([
        { key: searchAttributes.phase, value: nowPhase },
        { key: searchAttributes.failed, value: nowFailed },
      ]);
    }
    phase = nowPhase;
    failed = nowFailed;
    setCurrentDetails(detailsOf(progressOf(state, since)));
  };
  return Object.assign(show, { since: () => since });
}
