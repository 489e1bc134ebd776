import type { PlanRef } from '../../workflows/goflow/contracts/media.ts';
import type { Plan, PlannedAnalysis } from '../../workflows/goflow/contracts/plan.ts';
import { sha256 } from './digest.ts';
import { Failure } from './failure.ts';
import type { ProjectDirectory } from './project-directory.ts';

/** Plans by digest. A worker that meets a digest for the first time asks the project once and keeps what it says. */
export interface PlanStore {
  /** @throws {Failure} `PlanUnavailable` when the project cannot say, or says something else */
  get(ref: PlanRef): Promise<Plan>;
}

const maxPlans = 50;

export function createPlanStore(directory: Pick<ProjectDirectory, 'plan'>): PlanStore {
  const plans = new Map<string, Promise<Plan>>();

  const ask = async ({ projectId, digest }: PlanRef): Promise<Plan> => {
    const plan = await directory.plan(projectId).catch((error: unknown) => {
      throw new Failure('PlanUnavailable', `the project cannot be asked for its plan: ${String(error)}`, {
        cause: error,
      });
    });
    if (plan && digestOf(plan) === digest) return plan;
    const found = plan ? `it has ${digestOf(plan)}` : 'it has none';
    throw new Failure('PlanUnavailable', `the project should have the plan ${digest}, but ${found}`);
  };

  return {
    get(ref) {
      const known = plans.get(ref.digest);
      if (known) return known;
      const asked = ask(ref);
      plans.set(ref.digest, asked);
      asked.catch(() => plans.delete(ref.digest));
      const [oldest] = plans.keys();
      if (plans.size > maxPlans && oldest !== undefined) plans.delete(oldest);
      return asked;
    },
  };
}

/** SHA-256 over everything but the digest itself, hex. JSON keeps the order of keys on its way through Temporal. */
export function digestOf(plan: Omit<Plan, 'digest'> & { digest?: string }): string {
  const { digest: _, ...rest } = plan;
  return sha256(JSON.stringify(rest));
}

/** @throws {Failure} `IdMismatch`: the id is not part of the job (decision D7) */
export function analysisOf(plan: Plan, analysisId: string): PlannedAnalysis {
  const analysis = plan.analyses.find(({ id }) => id === analysisId);
  if (analysis) return analysis;
  throw new Failure('IdMismatch', `analysis ${analysisId} is not part of the job of project ${plan.project.id}`);
}

/** @throws {Failure} `IdMismatch`: the id is not part of the job (decision D7) */
export function mediaOf(plan: Plan, mediaId: string): Plan['media'][number] {
  const media = plan.media.find(({ id }) => id === mediaId);
  if (media) return media;
  throw new Failure('IdMismatch', `media ${mediaId} is not part of the job of project ${plan.project.id}`);
}
