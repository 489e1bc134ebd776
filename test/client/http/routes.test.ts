import { expect, test } from 'vitest';
import { routeAccess } from '../../../client/http/auth/access.ts';
import type { ErrorEnvelope } from '../../../client/http/errors.ts';
import { buildJob } from '../../stand-ins/goflow/job.ts';
import { asRole, openApi } from './api.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, unknown>>;
}

async function openDocument() {
  const { app } = await openApi();
  const answer = await app.inject({ url: '/api/v1/openapi.json', headers: await asRole('viewer') });
  expect(answer.statusCode).toBe(200);
  return answer.json<Document>();
}

test('the document describes every route, and nothing else', async () => {
  const { openapi, paths } = await openDocument();
  expect(openapi).toBe('3.1.0');
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.sort()).toEqual(Object.keys(routeAccess).sort());
});

test('every reference in the document leads to something in it', async () => {
  const document = await openDocument();
  const lost = referencesIn(document).filter((reference) => {
    const path = reference.replace(/^#\//, '').split('/');
    return (
      path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document) === undefined
    );
  });
  expect(lost).toEqual([]);
});

function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

test('the page of the document needs no network and no script', async () => {
  const { app } = await openApi();
  const { body, headers } = await app.inject({ url: '/docs', headers: await asRole('viewer') });
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(body).not.toMatch(/<script|<link|https?:|url\(/);
  for (const path of ['/api/v1/projects/{id}/retry', 'RateLimited', 'operator']) expect(body).toContain(path);
});

test('projects are listed by a filter that is checked', async () => {
  const { app, calls } = await openApi();
  const headers = await asRole('viewer');
  const list = (query: string) => app.inject({ url: `/api/v1/projects?${query}`, headers });
  const answer = await list(
    'phase=holding&phase=paused&client=acme&text=cat&since=2026-01-01T00:00:00Z&failed=true&limit=7&cursor=abc',
  );
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ projects: [{ projectId: 'one' }, { projectId: 'two' }], nextCursor: 'next' });
  await list('phase=holding&open=true&failed=false');
  await list('');
  expect(calls.map(({ input }) => JSON.parse(JSON.stringify(input)) as unknown)).toEqual([
    {
      ...{ phases: ['holding', 'paused'], client: 'acme', text: 'cat', since: '2026-01-01T00:00:00Z' },
      ...{ failed: true, limit: 7, cursor: 'abc' },
    },
    { phases: ['holding'], open: true, failed: false, limit: 50 },
    { limit: 50 },
  ]);
  for (const [query, field] of [
    ['limit=0', 'query.limit: must be 1 or more'],
    ['limit=101', 'query.limit: must be 100 or less'],
    ['limit=many', 'query.limit'],
    ['phase=sleeping', 'query.phase'],
    ['phase=holding&phase=sleeping', 'query.phase'],
    ["client=a'b", 'query.client'],
    ['since=yesterday', 'query.since'],
    ['failed=yes', 'query.failed'],
    ['cursor=%C3%A9', 'query.cursor'],
    [`cursor=${'a'.repeat(1_025)}`, 'query.cursor'],
    ['limits=5', 'query: Unrecognized key: "limits" (did you mean "limit"?)'],
    ['phases=holding', 'query: Unrecognized key: "phases" (did you mean "phase"?)'],
    ['colour=red', 'query: Unrecognized key: "colour"'],
  ] as const) {
    const refused = await list(query);
    expect(refused.statusCode, query).toBe(422);
    expect(refused.json<ErrorEnvelope>().detail, query).toContain(field);
  }
});

test('a project is shown with what the CLI shows, and not sent again to who has it', async () => {
  const { app } = await openApi();
  const headers = await asRole('viewer');
  const first = await app.inject({ url: '/api/v1/projects/one', headers });
  expect(first.json()).toMatchObject({ project: { projectId: 'one' }, progress: { media: [{ host: 'host-1' }] } });
  const etag = String(first.headers.etag);
  const again = await app.inject({ url: '/api/v1/projects/one', headers: { ...headers, 'if-none-match': etag } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  const other = await app.inject({ url: '/api/v1/projects/two', headers: { ...headers, 'if-none-match': etag } });
  expect(other.statusCode).toBe(200);
  const wrong = await app.inject({ url: `/api/v1/projects/${encodeURIComponent("x' OR 1=1")}`, headers });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.json<ErrorEnvelope>().detail).toBe('path.id: must be the id of a project');
});

test('a project is shown with each combination only when that is asked for, at the rate of reports', async () => {
  const { app, calls } = await openApi({ settings: { rateLimits: { reports: 2 } } });
  const headers = await asRole('viewer');
  const show = (query = '') => app.inject({ url: `/api/v1/projects/one${query}`, headers });
  for (const query of ['', '', '', '']) expect((await show(query)).json()).not.toHaveProperty('combinations');
  expect(calls.filter(({ verb }) => verb === 'readCombinations')).toEqual([]);
  expect((await show('?combinations=true')).json()).toMatchObject({
    ...{ project: { projectId: 'one' }, spent: { inferences: 2, inferenceMs: 1_234, promptTokens: 1_000 } },
    combinations: [
      {
        ...{ filename: 'm.jpg', slug: 'object-detection', state: 'accepted', verdict: 'passed', host: 'host-1' },
        ...{ modelUsed: 'a-model:7b', attempts: 1, inferenceMs: 1_234, waitedForLaneMs: 12, qaMs: 1 },
        ...{ promptTokens: 1_000, outputTokens: 50, definitionVersion: 'object-detection@1' },
      },
      { slug: 'alt-text', state: 'failed', failure: { code: 'QaRejected' } },
    ],
  });
  expect((await show('?combinations=maybe')).statusCode).toBe(422);
  expect((await show('?combinations=true')).statusCode).toBe(429);
  expect((await show()).statusCode).toBe(200);
});

test('a report is JSON or a page; that of a project that is over is not made again for who has it', async () => {
  const { app, calls } = await openApi();
  const headers = await asRole('viewer');
  for (const name of ['report', 'report.html']) {
    const first = await app.inject({ url: `/api/v1/projects/over/${name}`, headers });
    expect(first.statusCode, name).toBe(200);
    const reads = calls.filter(({ verb }) => verb === 'readReport').length;
    const known = { ...headers, 'if-none-match': `"x", ${String(first.headers.etag)}` };
    const again = await app.inject({ url: `/api/v1/projects/over/${name}`, headers: known });
    expect([again.statusCode, again.body], name).toEqual([304, '']);
    expect(
      calls.filter(({ verb }) => verb === 'readReport'),
      name,
    ).toHaveLength(reads);
  }
  const { body } = await app.inject({ url: '/api/v1/projects/one/report', headers });
  expect(JSON.parse(body)).toMatchObject({
    counts: { accepted: 1, failed: 1, pending: 0 },
    media: [
      { combinations: [{ state: 'accepted', verdict: 'passed', host: 'host-1', attempts: 1 }, { state: 'failed' }] },
    ],
  });
  // neither addresses nor prompts
  expect(body).not.toMatch(/optimised_path|\/media\/|What do you see/);
  const page = await app.inject({ url: '/api/v1/projects/one/report.html', headers });
  expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain('<!doctype html>');
});

test('a job is submitted in the shape of E1, and named with what is wrong', async () => {
  const { app, calls } = await openApi();
  const headers = await asRole('operator');
  const job = buildJob({ seed: 'a', images: 2, analyses: 2 });
  const submit = (payload: object) => app.inject({ method: 'POST', url: '/api/v1/projects', headers, payload });
  const started = await submit({ ...job, more: 'is kept out' });
  expect(started.statusCode).toBe(201);
  expect(started.headers.location).toBe(`/api/v1/projects/${job.project.id}`);
  const text = JSON.stringify(job).replace('{', '{"__proto__":{"x":1},');
  const typed = { ...headers, 'content-type': 'application/json' };
  const odd = await app.inject({ method: 'POST', url: '/api/v1/projects', headers: typed, payload: text });
  expect(odd.statusCode).toBe(201);
  expect(calls).toEqual([1, 2].map(() => ({ verb: 'submitJob', input: { job } })));
  const large = { ...job, media: Array.from({ length: 501 }, () => job.media[0]) };
  for (const [payload, field] of [
    [{ ...job, media: [] }, 'body.media: must hold at least one image'],
    [{ ...job, media: [{ ...job.media[0], id: 'x' }] }, 'body.media.0.id: must be a UUID'],
    [{ ...job, client: { ...job.client, slug: 'a\u0000b' } }, 'body.client.slug: must not hold control characters'],
    [large, 'body.media'],
    [{}, 'body.client'],
  ] as const) {
    const refused = await submit(payload);
    expect(refused.statusCode, field).toBe(422);
    expect(refused.json<ErrorEnvelope>().detail, field).toContain(field);
  }
  const huge = await submit({ ...job, padding: 'x'.repeat(3_000_000) });
  expect([huge.statusCode, huge.json<ErrorEnvelope>().error_code]).toEqual([413, 'BodyTooLarge']);
});

test('words have the JSON of the signals, and those that need none may have none', async () => {
  const { app, calls, log } = await openApi();
  const headers = await asRole('operator');
  const say = (word: string, payload?: object | null) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/projects/one/${word}`,
      headers: { ...headers, ...(payload === null && { 'content-type': 'application/json' }) },
      ...(payload !== undefined && { payload: payload ?? 'null' }),
    });
  for (const [word, payload] of [
    ['retry', undefined],
    ['retry', { mediaId: 'm', analysisId: 'a' }],
    ['retry', { step: 'report' }],
    ['pause', undefined],
    ['resume', {}],
    ['accept', { reason: 'known' }],
    ['cancel', { reason: 'wrong' }],
  ] as const)
    expect((await say(word, payload)).json(), word).toMatchObject({ projectId: 'one', word });
  expect(calls.map(({ input }) => (input as { input: unknown }).input)).toEqual([
    ...[{}, { mediaId: 'm', analysisId: 'a' }, { step: 'report' }, {}, {}, { reason: 'known' }, { reason: 'wrong' }],
  ]);
  expect(log()).toContain('"who":"a operator"');
  for (const [word, payload] of [
    ['accept', undefined],
    ['cancel', {}],
    ['retry', { mediaID: 'm' }],
    ['retry', { step: 'report', mediaId: 'm' }],
    ['pause', { now: true }],
    ['pause', null],
    ['rerun', { force: 'yes' }],
  ] as const)
    expect((await say(word, payload)).statusCode, `${word} ${JSON.stringify(payload)}`).toBe(422);
  const rerun = await say('rerun', { force: true });
  expect([rerun.statusCode, rerun.headers.location]).toEqual([201, '/api/v1/projects/one']);
});

test('a project and its report say what they cost where models have prices', async () => {
  const prices = { currency: 'EUR', models: { 'a-model:7b': { input: 2, output: 10 } } };
  const { app } = await openApi({ prices });
  const headers = await asRole('viewer');
  for (const path of ['?combinations=true', '/report']) {
    const { body } = await app.inject({ url: `/api/v1/projects/one${path}`, headers });
    expect(JSON.parse(body), path).toMatchObject({ spent: { cost: { amount: 0.0025, currency: 'EUR' } } });
  }
});

test('a word to many is a preview unless told otherwise', async () => {
  const { app, calls } = await openApi();
  const headers = await asRole('admin');
  const say = (payload: object) =>
    app.inject({ method: 'POST', url: '/api/v1/projects/actions/retry', headers, payload });
  expect((await say({ filter: { phases: ['holding'] } })).json()).toMatchObject({ dryRun: true });
  expect((await say({ filter: { failed: true }, dry_run: false })).json()).toMatchObject({ dryRun: false });
  expect(calls.map(({ input }) => input)).toMatchObject([
    { word: 'retry', input: {}, filter: { phases: ['holding'] }, dryRun: true, maxProjects: 200 },
    { word: 'retry', input: {}, filter: { failed: true }, dryRun: false, maxProjects: 200 },
  ]);
  const unknown = await say({ filter: { failed: true }, dryRun: false });
  expect(unknown.json<ErrorEnvelope>().detail).toBe('body: Unrecognized key: "dryRun" (did you mean "dry_run"?)');
  const one = await say({ filter: { phase: 'holding' } });
  expect(one.json<ErrorEnvelope>().detail).toBe('body.filter: Unrecognized key: "phase" (did you mean "phases"?)');
  expect((await say({})).json<ErrorEnvelope>().detail).toBe('body.filter: is missing');
  for (const payload of [
    {},
    { filter: { phase: 'holding' } },
    { filter: { open: false } },
    { filter: { phases: [] } },
    { filter: { open: true }, dryRun: false },
    { filter: { open: true }, input: { reason: 'none is needed' } },
  ])
    expect((await say(payload)).statusCode).toBe(422);
});

test('running many again is a preview unless told otherwise, and for admins', async () => {
  const { app, calls } = await openApi();
  const url = '/api/v1/projects/actions/rerun';
  const headers = await asRole('admin');
  const rerun = (payload: object) => app.inject({ method: 'POST', url, headers, payload });
  expect((await rerun({ filter: { phases: ['failed'] } })).json()).toMatchObject({ word: 'rerun', dryRun: true });
  const forced = await rerun({ filter: { client: 'acme' }, input: { force: true }, dry_run: false });
  expect(forced.json()).toMatchObject({ dryRun: false, projects: [{ outcome: 'done', message: 'runs again' }] });
  expect(calls.map(({ input }) => input)).toMatchObject([
    { force: false, filter: { phases: ['failed'] }, dryRun: true, maxProjects: 200 },
    { force: true, filter: { client: 'acme' }, dryRun: false, maxProjects: 200 },
  ]);
  for (const payload of [{}, { filter: {}, input: { force: 'yes' } }, { filter: { failed: true }, force: true }])
    expect((await rerun(payload)).statusCode).toBe(422);
  const payload = { filter: { failed: true } };
  const operator = await app.inject({ method: 'POST', url, headers: await asRole('operator'), payload });
  expect(operator.statusCode).toBe(403);
});

test('intake and hosts are seen and steered', async () => {
  const { app, calls } = await openApi();
  const headers = await asRole('operator');
  expect((await app.inject({ url: '/api/v1/intake', headers })).json()).toMatchObject({ polling: true });
  for (const [verb, payload] of [
    ['pause', { note: 'moving' }],
    ['resume', undefined],
    ['poll', undefined],
  ] as const) {
    const answer = await app.inject({
      method: 'POST',
      url: `/api/v1/intake/${verb}`,
      headers,
      ...(payload && { payload }),
    });
    expect(answer.statusCode, verb).toBe(200);
  }
  expect(calls.slice(1)).toEqual([
    { verb: 'pauseIntake', input: { note: 'moving' } },
    { verb: 'resumeIntake', input: { note: 'resumed through the API by a operator' } },
    { verb: 'pollIntake', input: {} },
  ]);
  expect((await app.inject({ url: '/api/v1/hosts', headers })).json()).toMatchObject({ hosts: [{ imagesStaged: 2 }] });
});

test('a diagnosis is for viewers, and has the findings as the CLI has them', async () => {
  const { app } = await openApi();
  const answer = await app.inject({ url: '/api/v1/projects/p1/diagnosis', headers: await asRole('viewer') });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    ...{ projectId: 'p1', workflowId: 'project-p1', phase: 'paused' },
    findings: [{ kind: 'paused', severity: 'warning', message: 'Paused.', commands: ['gf25 resume'] }],
  });
  expect((await app.inject('/api/v1/projects/p1/diagnosis')).statusCode).toBe(401);
});
