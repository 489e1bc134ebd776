import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildJob } from './job.ts';
import { startGoflowStandIn, type GoflowStandIn, type GoflowStandInOptions } from './stand-in.ts';
import { clientOf, reportBody, resultBody } from './test-client.ts';

const job = buildJob({ images: 2, analyses: 2 });
let standIn: GoflowStandIn;

async function start(options?: GoflowStandInOptions): Promise<ReturnType<typeof clientOf>> {
  await standIn.close();
  standIn = await startGoflowStandIn(options);
  standIn.registerProject(job);
  return clientOf(standIn, job);
}

beforeEach(async () => {
  standIn = await startGoflowStandIn();
});
afterEach(() => standIn.close());

describe('the queue (E1)', () => {
  it('hands each job out once, in order, and says 404 when the queue is empty', async () => {
    const client = clientOf(standIn);
    const [first, second] = [buildJob({ images: 1, analyses: 1 }), buildJob({ images: 1, analyses: 1, seed: 2 })];
    standIn.enqueue(first);
    standIn.enqueue(second);
    expect((await client.nextJob()).body).toEqual(first);
    expect((await client.nextJob()).body).toEqual(second);
    expect(await client.nextJob()).toMatchObject({ status: 404, body: { detail: 'no job is waiting' } });
    expect(standIn.calls().map(({ endpoint, status, committed }) => [endpoint, status, committed])).toEqual([
      ['E1', 200, true],
      ['E1', 200, true],
      ['E1', 404, false],
    ]);
  });

  it('hands a raw body out byte for byte, also when it is not JSON', async () => {
    standIn.enqueue('{"client": ');
    standIn.enqueue(Buffer.from([0xff, 0x00]));
    const client = clientOf(standIn);
    expect(await client.nextJob()).toMatchObject({ status: 200, body: '{"client": ' });
    const raw = await fetch(`${standIn.url}/api/v1/agent/next-job`, { headers: { 'X-API-Key': standIn.apiKey } });
    expect(Buffer.from(await raw.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00]));
  });

  it('knows a project from the moment its job was handed out', async () => {
    const client = clientOf(standIn, job);
    standIn.enqueue(JSON.stringify(job));
    expect((await client.status('processing')).status).toBe(404);
    await client.nextJob();
    expect((await client.status('processing')).status).toBe(200);
  });
});

describe('the API key', () => {
  it('is demanded by all four endpoints', async () => {
    const client = await start({ apiKey: 'right' });
    const wrong = { apiKey: 'wrong' };
    for (const reply of [
      await client.nextJob(wrong),
      await client.status('processing', wrong),
      await client.result(0, 0, resultBody(), wrong),
      await client.report(wrong),
    ]) {
      expect(reply).toMatchObject({ status: 401, body: { detail: 'Invalid API key' } });
    }
    expect((await fetch(`${standIn.url}/api/v1/agent/next-job`)).status).toBe(401);
    expect(standIn.calls().filter(({ committed }) => committed)).toEqual([]);
  });

  it('is not looked at with requireKey: false', async () => {
    const client = await start({ requireKey: false });
    expect((await client.nextJob({ apiKey: 'whatever' })).status).toBe(404);
  });
});

describe('a project (E2-E4)', () => {
  it('goes from processing over its results to the report without a violation', async () => {
    const client = await start();
    await client.run();
    expect((await client.report()).status).toBe(201);
    expect(standIn.violations()).toEqual([]);
    expect(standIn.project(job.project.id)).toMatchObject({
      combinations: 4,
      processing: true,
      accepted: 4,
      completed: true,
      reported: true,
    });
    const ledger = standIn.ledger();
    expect(Object.keys(ledger.accepted)).toHaveLength(7);
    expect(ledger.projects[job.project.id]).toMatchObject({
      processing: { status: 200, idempotencyKey: `${job.project.id}:processing` },
      report: { status: 201, body: reportBody() },
    });
    expect(Object.values(ledger.projects[job.project.id]?.results ?? {}).map(({ status }) => status)).toEqual([
      201, 201, 201, 201,
    ]);
  });

  it('refuses ids that are not of the job with 404', async () => {
    const client = await start();
    expect((await client.result(9, 0)).body).toEqual({ detail: 'media not found' });
    expect((await client.result(0, 9)).body).toEqual({ detail: 'analysis not found' });
    const stranger = clientOf(standIn, buildJob({ images: 1, analyses: 1, seed: 'stranger' }));
    expect((await stranger.result()).status).toBe(404);
  });

  it('refuses completed before processing, and the report before completed', async () => {
    const client = await start();
    expect((await client.status('completed')).status).toBe(400);
    await client.status('processing');
    expect((await client.report()).status).toBe(400);
  });

  it.each([
    ['a missing field', { modelUsed: undefined }, [['body', 'modelUsed'], 'missing']],
    ['a sixth field', { extra: 1 }, [['body', 'extra'], 'extra_forbidden']],
    ['a wrong type', { userPromptUsed: 1 }, [['body', 'userPromptUsed'], 'string_type']],
    ['a list for the result', { analysisResult: [] }, [['body', 'analysisResult'], 'record_type']],
    ['another status', { status: 'done' }, [['body', 'status'], 'literal_error']],
  ])('refuses a result with %s with 422', async (_name, change, [loc, type]) => {
    const client = await start();
    const reply = await client.result(0, 0, resultBody(change));
    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc, type }] } });
    expect((reply.body as { detail: { msg: unknown }[] }).detail[0]?.msg).toBeTypeOf('string');
  });

  it('refuses E2 and E4 bodies of the wrong shape, and bodies that are not JSON, with 422', async () => {
    const client = await start();
    expect((await client.status('done')).status).toBe(422);
    await client.run();
    expect((await client.report({}, { type: 'quality_analysis', report: { summary: 'x' } })).status).toBe(422);
    expect((await client.result(0, 0, '{"modelUsed":', { key: undefined })).status).toBe(422);
  });
});

describe('idempotency keys', () => {
  it('answer a repeat with the stored status and count it once', async () => {
    const client = await start();
    await client.status('processing');
    const [first, again] = [await client.result(), await client.result()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect([first, again].map(({ headers }) => headers.get('Idempotent-Replayed'))).toEqual([null, 'true']);
    expect(standIn.project(job.project.id)?.accepted).toBe(1);
    expect(standIn.calls().map(({ committed, replayed }) => [committed, replayed])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
    expect(standIn.violations()).toEqual([]);
  });

  it('may be used again with the same body after a refusal', async () => {
    const client = await start();
    const early = await client.status('completed');
    await client.status('processing');
    expect([early.status, (await client.status('completed')).status]).toEqual([400, 200]);
  });

  it('may not carry another body', async () => {
    const client = await start();
    await client.status('processing');
    await client.result();
    expect((await client.result(0, 0, resultBody({ modelUsed: 'another' }))).status).toBe(409);
  });

  it('do not open a combination twice: another key is a duplicate', async () => {
    const client = await start();
    await client.status('processing');
    await client.result();
    const reply = await client.result(0, 0, resultBody(), { key: `${client.resultKey()}:2` });
    expect(reply.status).toBe(400);
    expect((reply.body as { detail: string }).detail).toMatch(/^duplicate: /);
  });

  it('of a forced re-run open a new run, whose results are updates', async () => {
    const client = await start();
    await client.run();
    await client.report();
    const rerun = (key: string) => ({ key: `${key}:rerun-1` });
    expect((await client.status('processing', rerun(`${job.project.id}:processing`))).status).toBe(200);
    expect((await client.result(0, 0, resultBody(), rerun(client.resultKey()))).status).toBe(200);
    expect(standIn.project(job.project.id)).toMatchObject({ rerun: 1, accepted: 1, reported: false });
    expect(standIn.violations()).toEqual([]);
  });

  it('are ignored with honoursKeys: false, where every repeat is refused', async () => {
    const client = await start({ honoursKeys: false });
    await client.run();
    await client.report();
    const repeats = [
      await client.status('processing'),
      await client.result(),
      await client.status('completed'),
      await client.report(),
    ];
    expect(repeats.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(repeats.map(({ body }) => (body as { detail: string }).detail.split(':')[0])).toEqual([
      'already processing',
      'duplicate',
      'already completed',
      'already reported',
    ]);
    expect(standIn.violations()).toEqual([]);
  });
});
