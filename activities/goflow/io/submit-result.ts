import type { Receipt, SubmitResultInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Logger } from 'pino';
import { Failure } from '../../shared/failure.ts';
import type { Send } from '../../shared/goflow-sender.ts';
import type { Metrics } from '../../shared/metrics.ts';
import { analysisOf, mediaOf, type PlanStore } from '../../shared/plan-store.ts';
import type { ProjectNews } from '../../shared/project-news.ts';

export interface SubmitResultDeps {
  readonly send: Send;
  readonly plans: PlanStore;
  readonly news: ProjectNews;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** E3. The body is made from the stored answer and the plan, so that it is the same bytes whenever it is sent. */
export async function submitResult(deps: SubmitResultDeps, input: SubmitResultInput): Promise<Receipt> {
  const { projectId, mediaId, analysisId, stored } = input;
  const plan = await deps.plans.get(input.plan);
  try {
    mediaOf(plan, mediaId);
    analysisOf(plan, analysisId);
    if (plan.project.id !== projectId)
      throw new Failure('IdMismatch', `project ${projectId} is not ${plan.project.id}`);
  } catch (error) {
    deps.log.warn(
      { projectId, mediaId, analysisId, planned: plan.project.id, err: error },
      'ids do not match: not sent',
    );
    throw error;
  }
  const body = JSON.stringify({
    modelUsed: stored.modelUsed,
    userPromptUsed: stored.userPromptUsed,
    systemPromptUsed: plan.systemPrompts[stored.model] ?? '',
    status: 'completed',
    analysisResult: stored.analysisResult,
  });
  const ids = { projectId, mediaId, analysisId };
  const receipt = await deps.send({ endpoint: 'submitResult', ids, body, label: 'results' }, input);
  deps.metrics.combinations.inc({ outcome: receipt.how });
  deps.news.accepted(projectId, mediaId, analysisId);
  return receipt;
}
