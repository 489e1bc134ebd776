import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { ProjectInput, ProjectResult } from '../contracts/project.ts';
import type { Project } from './project.ts';
import type { ProjectState } from './project-state.ts';

/** When the server suggests it (4,096 events or 4 MiB), or earlier where a test wants to see it happen. */
export function mustContinueAsNew(state: ProjectState): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > (state.plan.continueAsNewAfterEvents ?? Infinity);
}

/**
 * Moves everything that is open into a fresh history. Only called while no image runs: a child would be terminated by
 * its close policy, and under another policy it would go on reporting to nobody.
 */
export async function goOnAsNew({ state, announce }: Project): Promise<never> {
  await announce.delivered();
  await condition(allHandlersFinished);
  const { memo, typedSearchAttributes } = workflowInfo();
  const goOn = makeContinueAsNewFunc<(input: ProjectInput) => Promise<ProjectResult>>({
    ...(memo && { memo }),
    typedSearchAttributes,
  });
  return goOn({ ...state.input, carried: state.carry() });
}
