import { describe, expect, test, vi } from 'vitest';
import type { Failure } from '../../../activities/shared/failure.ts';
import { analysisOf, createPlanStore, digestOf, mediaOf } from '../../../activities/shared/plan-store.ts';
import type { Plan } from '../../../workflows/goflow/contracts/plan.ts';
import { failureOf } from '../../support/activity.ts';
import { planOf } from '../../support/plans.ts';

const plan = planOf();
const ref = { projectId: plan.project.id, digest: plan.digest };

function storeOf(answer: () => Promise<Plan | undefined>) {
  const ask = vi.fn(answer);
  return { ask, store: createPlanStore({ plan: ask }) };
}

describe('a plan', () => {
  test('is asked for once, and kept', async () => {
    const { ask, store } = storeOf(async () => plan);
    expect(await Promise.all([store.get(ref), store.get(ref)])).toEqual([plan, plan]);
    expect(await store.get(ref)).toBe(plan);
    expect(ask).toHaveBeenCalledExactlyOnceWith(plan.project.id);
  });

  test('keeps its digest on its way through JSON', () => {
    expect(digestOf(JSON.parse(JSON.stringify(plan)) as Plan)).toBe(plan.digest);
    const { digest: _, ...withoutDigest } = plan;
    expect(digestOf(withoutDigest)).toBe(plan.digest);
  });

  test.each<[string, Partial<Plan>]>([
    ['another prompt', { systemPrompts: { 'a-model': 'Lie.' } }],
    ['another image', { media: plan.media.slice(1) }],
    ['another re-run', { rerun: 1 }],
  ])('with %s has another digest, and is not taken', async (_, changes) => {
    const { store } = storeOf(async () => ({ ...plan, ...changes }));
    const failure = await failureOf<Failure>(store.get(ref));
    expect(failure.code).toBe('PlanUnavailable');
    expect(failure.message).toContain(plan.digest);
  });

  test('that the project does not have (yet) is asked for again', async () => {
    const { ask, store } = storeOf(async () => plan);
    ask.mockResolvedValueOnce(undefined).mockRejectedValueOnce(new Error('query timed out'));
    expect(await failureOf<Failure>(store.get(ref))).toMatchObject({ code: 'PlanUnavailable' });
    const second = await failureOf<Failure>(store.get(ref));
    expect(second).toMatchObject({ code: 'PlanUnavailable' });
    expect(second.message).toContain('query timed out');
    expect(await store.get(ref)).toBe(plan);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test('is forgotten after 50 others', async () => {
    const plans = new Map(
      Array.from({ length: 51 }, (_, seed) => planOf({ seed })).map((each) => [each.project.id, each]),
    );
    const ask = vi.fn(async (projectId: string) => plans.get(projectId));
    const store = createPlanStore({ plan: ask });
    const get = ({ project, digest }: Plan) => store.get({ projectId: project.id, digest });
    for (const each of plans.values()) await get(each);
    const [first, second] = [...plans.values()] as [Plan, Plan];
    await get(second);
    expect(ask).toHaveBeenCalledTimes(51);
    await get(first);
    expect(ask).toHaveBeenCalledTimes(52);
  });
});

test('ids that are not part of the job are named with the project (D7)', async () => {
  const [media, analysis] = [plan.media[0], plan.analyses[0]];
  expect(mediaOf(plan, media?.id ?? '')).toBe(media);
  expect(analysisOf(plan, analysis?.id ?? '')).toBe(analysis);
  for (const ask of [mediaOf, analysisOf]) {
    const failure = await failureOf<Failure>(Promise.resolve().then(() => ask(plan, 'stranger')));
    expect(failure.code).toBe('IdMismatch');
    expect(failure.message).toContain('stranger');
    expect(failure.message).toContain(plan.project.id);
  }
});
