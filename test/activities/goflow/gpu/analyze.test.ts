import { describe, expect, test } from 'vitest';
import { placeKey } from '../../../../activities/goflow/gpu/places.ts';
import { answerSchema } from '../../../../workflows/goflow/contracts/media.ts';
import { failureOf } from '../../../support/activity.ts';
import { until } from '../../../support/wait.ts';
import { analysisOn } from './analyses.ts';

describe('an analysis', () => {
  test('brings an answer for GoFlow, and what it was made with', async () => {
    const { start, plan, server } = await analysisOn({ name: 'host-7' });
    const { answer, spareLanes, isLeaving } = await start().result;
    expect(answerSchema.parse(answer)).toEqual(answer);
    const summary = answer.stored.analysisResult['summary'];
    expect(typeof summary === 'string' && summary.length > 0).toBe(true);
    expect(answer.stored).toMatchObject({ modelUsed: 'a-model', model: 'a-model' });
    expect(answer.stored.userPromptUsed).toContain(`Find things for ${plan.analyses[0]?.name ?? ''}.`);
    expect(answer.provenance).toMatchObject({
      host: 'host-7',
      provider: 'ollama',
      serverVersion: '0.33.0',
      inferences: 1,
    });
    expect({ spareLanes, isLeaving }).toEqual({ spareLanes: 1, isLeaving: false });
    expect(server.calls()[0]?.messages).toEqual([
      { role: 'system', text: 'You look at images.' },
      { role: 'user', text: answer.stored.userPromptUsed },
    ]);
  });

  test('tells how many lanes nobody needs, so that its image may ask for more', async () => {
    const { start, host, server, plan } = await analysisOn({ lanes: 4 });
    server.script.add({ skip: 1, action: { kind: 'hang', phase: 'before-headers' } });
    expect((await start().result).spareLanes).toBe(4);
    const other = start({ analysisId: plan.analyses[1]?.id ?? '' });
    await until('it runs', () => host.lanes.busy === 1);
    // this answer is known: no lane is needed for it
    expect((await start().result).spareLanes).toBe(3);
    other.cancel();
    await failureOf(other.result);
  });

  test('tells when there was nothing left of an image that has more to come', async () => {
    const { start, host, server, plan } = await analysisOn({ lanes: 4 });
    expect(await start({ toCome: 3 }).result).toMatchObject({ ranDry: true, imageLanes: 0 });
    expect(await start({ toCome: 0 }).result).toMatchObject({ ranDry: false });
    server.script.add({ action: { kind: 'hang', phase: 'before-headers' } });
    const other = start({ analysisId: plan.analyses[1]?.id ?? '', toCome: 3 });
    await until('it runs', () => host.lanes.busy === 1);
    expect(await start({ toCome: 3 }).result).toMatchObject({ ranDry: false, imageLanes: 1 });
    other.cancel();
    await failureOf(other.result);
  });

  test('is counted with its verdicts, and with how long the model took', async () => {
    const { start, metrics } = await analysisOn();
    await start().result;
    const text = await metrics.registry.metrics();
    for (const stage of ['structural', 'content', 'domain'])
      expect(text).toContain(`gf25_qa_verdicts_total{stage="${stage}",verdict="passed"} 1`);
    expect(text).toContain('gf25_inference_seconds_count{outcome="ok"} 1');
    expect(text).toContain('gf25_lane_wait_seconds_count 1');
  });
});

describe('an answer that was found already', () => {
  test('is given again, and not made again: its delivery was lost', async () => {
    const { start, server } = await analysisOn();
    const first = await start().result;
    expect((await start().result).answer).toBe(first.answer);
    expect(server.calls()).toHaveLength(1);
  });

  test('is that of its own round and analysis', async () => {
    const { start, server, plan } = await analysisOn();
    await start().result;
    await start({ round: 2 }).result;
    await start({ analysisId: plan.analyses[1]?.id ?? '' }).result;
    expect(server.calls()).toHaveLength(3);
  });

  test('goes with its image', async () => {
    const { start, server, host, key } = await analysisOn({ where: 'cached' });
    await start().result;
    host.places.release(key);
    await start().result;
    expect(server.calls()).toHaveLength(2);
  });

  test('is none when it did not pass', async () => {
    const { start, server } = await analysisOn();
    // the same fault again: it is not asked for a third time
    server.script.add({ times: 2, action: { kind: 'text', text: 'no JSON' } });
    expect(await failureOf(start().result)).toMatchObject({ code: 'QaRejected' });
    expect((await start().result).answer.verdicts).toEqual({
      structural: 'passed',
      content: 'passed',
      domain: 'passed',
    });
    expect(server.calls()).toHaveLength(3);
  });
});

describe('the image of an analysis', () => {
  test('is taken from the cache when its place is gone, and has a place again', async () => {
    const { start, host, key, recall, input } = await analysisOn({ where: 'cached' });
    expect(host.places.taken).toBe(0);
    await start().result;
    expect(host.places.find(key)?.image.sha256).toBe(input.image.sha256);
    expect(recall).toHaveBeenCalledOnce();
  });

  test('that is nowhere on this host is staged again elsewhere', async () => {
    const { start, server } = await analysisOn({ where: 'nowhere', name: 'host-7' });
    expect(await failureOf(start().result)).toMatchObject({
      code: 'NotStaged',
      message: 'host-7 does not hold the image',
    });
    expect(server.calls()).toHaveLength(0);
  });

  test('is not mixed up with other bytes under the same id', async () => {
    const { start, input } = await analysisOn();
    const other = { ...input.image, sha256: 'of other bytes' };
    expect(await failureOf(start({ image: other }).result)).toMatchObject({ code: 'NotStaged' });
  });

  test('must be part of the job', async () => {
    const { start } = await analysisOn({ where: 'nowhere' });
    expect(await failureOf(start({ mediaId: 'of-another-job' }).result)).toMatchObject({ code: 'IdMismatch' });
  });
});

test('an analysis of a greyscale image is told so, in the words that GoFlow hears of, and its answer is degraded', async () => {
  const { start, server } = await analysisOn({ variant: 'greyscale' });
  const { answer } = await start().result;
  expect(answer.stored.userPromptUsed).toMatch(/\n\nThe image is greyscale: do not report colours;/);
  expect(server.calls()[0]?.messages.at(-1)).toEqual({ role: 'user', text: answer.stored.userPromptUsed });
  expect(answer.verdicts).toMatchObject({ structural: 'passed', domain: 'degraded' });
  expect(answer.provenance).toMatchObject({
    imageVariant: 'greyscale',
    attempts: [{ issues: [{ rule: 'greyscale_image', action: 'flag' }] }],
  });
});

describe('no model is asked', () => {
  test('about colours on a greyscale image, not even for a place', async () => {
    const { start, server } = await analysisOn({
      ...{ variant: 'greyscale', where: 'nowhere', lanes: 2 },
      plan: { definition: { requiresColour: true } },
    });
    const { answer, spareLanes } = await start().result;
    expect(answer.stored.analysisResult).toMatchObject({ not_applicable: true });
    expect(answer.verdicts).toBeUndefined();
    expect([spareLanes, server.calls().length]).toEqual([2, 0]);
  });

  test('but it is, about colours on a colour image', async () => {
    const { start, server } = await analysisOn({ plan: { definition: { requiresColour: true } } });
    expect((await start().result).answer.stored.analysisResult).not.toHaveProperty('not_applicable');
    expect(server.calls()).toHaveLength(1);
  });

  test('when the plan has no definition', async () => {
    const job = (await analysisOn()).plan;
    const slug = job.analyses[0]?.slug ?? '';
    const { start, server } = await analysisOn({ plan: { unknown: [slug] } });
    expect(await failureOf(start().result)).toMatchObject({
      code: 'AnalysisUnknown',
      message: `no definition for the analysis "${slug}"`,
    });
    expect(server.calls()).toHaveLength(0);
  });

  test('when the analysis is not part of the job', async () => {
    const { start } = await analysisOn();
    expect(await failureOf(start({ analysisId: 'of-another-job' }).result)).toMatchObject({ code: 'IdMismatch' });
  });
});

test('places of two projects with the same image are two places', async () => {
  const { host, key, plan, input } = await analysisOn();
  const image = host.places.find(key)?.image;
  if (image) host.places.take(placeKey('another-project', input.mediaId), image);
  expect(host.places.taken).toBe(2);
  expect(key.startsWith(plan.project.id)).toBe(true);
});
