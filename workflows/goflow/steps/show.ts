import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { Pace } from '../../shared/pace.ts';
import type { Phase } from '../contracts/progress.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { detailsOf } from './details.ts';
import { commandsOf } from './operator-commands.ts';
import { progressOf } from './progress.ts';
import type { ProjectState } from './project-state.ts';

/** Brings what operators see up to date. `since` is when the present phase began. */
export interface Show {
  (): void;
  /** The text only, also from a query: nothing else may change then. */
  details(nowMs: number): void;
  since(): string;
}

/** Search attributes cost an event each, so they are written only when they change; the details cost none. */
export function createShow(state: ProjectState): Show {
  let phase: Phase | undefined;
  let failed: number | undefined;
  let since = new Date().toISOString();
  const pace = new Pace();

  const details = (nowMs: number) => {
    const progress = progressOf(state, since);
    pace.note(nowMs, progress.totals.done + progress.totals.failed);
    const perMinute = progress.phase === 'processing' ? pace.perMinute() : undefined;
    setCurrentDetails(detailsOf(progress, { nowMs, perMinute, commands: commandsOf(state, workflowInfo()) }));
  };

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
    details(Date.now());
  };
  return Object.assign(show, { details, since: () => since });
}
