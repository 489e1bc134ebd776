import { activityId, idempotencyKey, type StatusStep } from '../contracts/ids.ts';
import { io } from './activities.ts';
import { failureOf } from './failure-of.ts';
import { hold } from './hold.ts';
import { policies } from './policies.ts';
import type { Project } from './project.ts';
import type { ProjectState } from './project-state.ts';

/**
 * E2. Once per project and step, whoever asks and however often. A definite refusal holds the project until an operator
 * has mended the other side: the same call goes out again with the same key.
 */
export function sendStatus(project: Project, step: StatusStep): Promise<void> {
  const { state } = project;
  state.statusCalls[step] ??= step === 'processing' && state.begun ? Promise.resolve() : send(project, step);
  return state.statusCalls[step];
}

async function send(project: Project, step: StatusStep): Promise<void> {
  const { state, show } = project;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call(state, step, attempt);
      break;
    } catch (error) {
      const { code, message } = failureOf(error);
      await hold(project, { kind: step, reason: `GoFlow refused the status "${step}" (${code}: ${message})` });
    }
  }
  if (step === 'processing') {
    state.processing = 'accepted';
    state.startedAtMs = Date.now();
  }
  state.waitingForGoflow = undefined;
  show();
}

async function call(state: ProjectState, step: StatusStep, attempt: number): Promise<void> {
  const projectId = state.job.project.id;
  const mayHaveArrived = step === 'processing' && state.processing === 'may-have-arrived';
  if (step === 'processing') state.processing = 'may-have-arrived';
  const { setStatus } = io(policies.goflowCall, { activityId: activityId.status(step, attempt), summary: step });
  await setStatus({
    projectId,
    step,
    idempotencyKey: idempotencyKey.status(projectId, step, state.plan.rerun),
    mayHaveArrived,
  });
}
