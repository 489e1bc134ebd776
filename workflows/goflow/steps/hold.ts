import { condition } from '@temporalio/workflow';
import type { Project } from './project.ts';
import type { Hold } from './project-state.ts';

/** Waits for an operator's word, and says so. Other projects are not held up: a holding one uses no GPU. */
export async function hold({ state, show, announce }: Project, why: Hold): Promise<void> {
  const { combinations, failed } = state.combinations.counts();
  state.hold = why;
  announce({ kind: 'waiting-for-operator', reason: why.reason, failed, combinations });
  show();
  await condition(() => state.hold !== why);
  show();
}
