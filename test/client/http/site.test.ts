import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { BulkReply } from '../../../client/operations/selected-projects.ts';
import type { ProjectPage } from '../../../client/operations/find-projects.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { ReportDocument } from '../../../client/report/report-document.ts';
import { type StartedProcess, startProcess } from '../../../tools/local/processes.ts';
import { freePort } from '../../../tools/temporal/dev-server.ts';
import { verifyAudit } from '../../../client/operations/verify-audit.ts';
import { auditFolderIn } from '../../../config/audit-log.ts';
import { audited } from '../../support/audited.ts';
import { buildJob, type Job } from '../../stand-ins/goflow/job.ts';
import { compiled } from '../../../tools/local/compiled.ts';
import { expectCompleted } from '../../support/expectations.ts';
import { openSite, type Site } from '../../support/site.ts';
import { until } from '../../support/wait.ts';
import { asRole, secret } from './api.ts';

const apis: StartedProcess[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) {
    api.kill('SIGKILL');
    await api.ended;
  }
});

/** The API as its users start it, over the site's Temporal. */
async function serve(site: Site) {
  const port = await freePort();
  const env = { ...site.environment(), GF25_API_PORT: String(port), GF25_JWT_SECRET: secret };
  const api = await startProcess(compiled('client/http/server.ts'), [], env);
  apis.push(api);
  const headers = await asRole('admin');
  const call = async (method: string, path: string, body?: object, more: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...headers, ...more, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const expectJson = async <T>(status: number, ...request: Parameters<typeof call>): Promise<T> => {
    const answer = await call(...request);
    expect(answer.status, `${request[0]} ${request[1]}: ${answer.text}`).toBe(status);
    return JSON.parse(answer.text) as T;
  };
  return {
    api,
    call,
    get: <T>(path: string) => expectJson<T>(200, 'GET', path),
    post: <T>(path: string, body?: object) => expectJson<T>(200, 'POST', path, body),
    expectJson,
  };
}

/** Makes GoFlow say once that it does not know one combination: the project will hold because of it. */
function refuseOnce({ goflow }: Site, job: Job): void {
  const match = { projectId: job.project.id, mediaId: job.media[0]?.id ?? '', analysisId: job.analyses[0]?.id ?? '' };
  goflow.faults.add({ endpoint: 'E3', match, action: { kind: 'answer', status: 404 } });
}

test('a project goes from its submission to its report over HTTP: followed, paused, resumed, retried', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 300 }] });
  const { api, call, get, post, expectJson } = await serve(site);
  const job = buildJob({ seed: randomUUID(), images: 3, analyses: 4 });
  site.goflow.registerProject(job);
  refuseOnce(site, job);
  const path = `/api/v1/projects/${job.project.id}`;

  const submitted = await call('POST', '/api/v1/projects', job);
  expect([submitted.status, submitted.headers.get('location')]).toEqual([201, path]);
  expect(await expectJson(409, 'POST', '/api/v1/projects', job)).toMatchObject({ error_code: 'Refused' });
  const following = call('GET', `${path}/events`);
  await site.untilPhase(job, 'processing');

  expect(await post(`${path}/pause`)).toMatchObject({
    word: 'pause',
    message: 'paused: what runs ends and is reported',
  });
  expect(await get<ProjectView>(path)).toMatchObject({ project: { phase: 'paused' }, progress: { phase: 'paused' } });
  expect(await expectJson(409, 'POST', `${path}/accept`, { reason: 'x' })).toMatchObject({
    detail: 'only a project that holds with failed combinations can be accepted',
  });
  expect(await post(`${path}/resume`)).toMatchObject({ message: 'resumed' });
  await site.untilPhase(job, 'holding');
  const held = await get<ProjectView>(path);
  expect(held.progress?.failures).toMatchObject([{ code: 'GoFlowNotFound' }]);
  const listed = await until('visibility has caught up', async () => {
    const { projects } = await get<ProjectPage>('/api/v1/projects?phase=holding&failed=true&limit=5');
    return projects[0];
  });
  expect(listed).toMatchObject({ projectId: job.project.id, client: job.client.slug, failed: 1 });

  expect(await expectJson(409, 'POST', `${path}/retry`, { mediaId: 'nope' })).toMatchObject({ error_code: 'Refused' });
  expect(await post(`${path}/retry`, { mediaId: job.media[0]?.id })).toMatchObject({ word: 'retry' });
  await site.finished(job);
  expectCompleted(site, job);

  const events = await following;
  expect(events.headers.get('content-type')).toContain('text/event-stream');
  expect(events.text.match(/^event: progress$/gm)?.length).toBeGreaterThan(2);
  expect(events.text).toContain('"phase":"done"');
  expect(events.text.trimEnd().endsWith('event: end\ndata: {}')).toBe(true);

  const report = await call('GET', `${path}/report`);
  expect(JSON.parse(report.text) as ReportDocument).toMatchObject({
    counts: { accepted: 12, failed: 0, pending: 0 },
    report: { isAccepted: true },
  });
  const combinations = (JSON.parse(report.text) as ReportDocument).media.flatMap((media) => media.combinations);
  expect(combinations.every(({ host, verdict }) => host === 'host-1' && verdict !== undefined)).toBe(true);
  const page = await call('GET', `${path}/report.html`);
  expect(page.text).toContain(job.project.name);
  expect(page.text.match(/src="data:image\/webp;base64,/g)).toHaveLength(3);
  expect(await expectJson(409, 'POST', `${path}/rerun`)).toMatchObject({ error_code: 'Refused' });
  expect(await expectJson(409, 'POST', `${path}/pause`)).toMatchObject({ error_code: 'Refused' });
  expect(await expectJson(404, 'GET', '/api/v1/projects/nobody')).toMatchObject({ error_code: 'NotFound' });

  expect(await get('/api/v1/hosts')).toMatchObject({ hosts: [{ host: 'host-1', alive: true }] });
  expect(await post('/api/v1/intake/pause', { note: 'the test' })).toMatchObject({ message: /paused/ });
  expect(await get('/api/v1/intake')).toMatchObject({ paused: true, note: 'the test' });
  expect(await expectJson(409, 'POST', '/api/v1/intake/poll')).toMatchObject({ error_code: 'Refused' });
  expect(await post('/api/v1/intake/resume')).toMatchObject({ message: /resumed/ });
  expect(await get('/health')).toMatchObject({ status: 'healthy' });
  expect(api.output()).not.toContain(secret);
  expect(api.output()).not.toMatch(/"level":"error"/);
  await site.close();
});

test('a project whose job nobody could read is shown without a plan, and its report is refused', async () => {
  const site = await openSite();
  const { get, expectJson } = await serve(site);
  site.goflow.enqueue('{"client": {');
  const { projectId } = await until('it has failed', async () => {
    const { projects } = await get<ProjectPage>('/api/v1/projects?phase=failed');
    return projects[0];
  });
  const project = { phase: 'failed', reason: /^MalformedJob: \(body\): not JSON/ };
  expect(await get('/api/v1/projects')).toMatchObject({ projects: [project] });
  const path = `/api/v1/projects/${projectId}`;
  const progressUnavailable = 'nothing was begun, since the job was malformed';
  expect(await get(path)).toMatchObject({ project, failure: { code: 'MalformedJob' }, progressUnavailable });
  const refusal = `project ${projectId} has no plan: its job was malformed and has to be mended at GoFlow`;
  expect(await get(`${path}?combinations=true`)).toMatchObject({ combinationsUnavailable: refusal });
  for (const name of ['report', 'report.html'])
    expect(await expectJson(409, 'GET', `${path}/${name}`)).toMatchObject({ error_code: 'Refused', detail: refusal });
  await site.close();
});

test('the id of a request leads from its record to every log line and call of the project that it starts', async () => {
  const site = await openSite();
  const { call } = await serve(site);
  const job = buildJob({ seed: randomUUID(), images: 2, analyses: 3 });
  site.goflow.registerProject(job);
  const headers = { 'x-correlation-id': 'ticket:4711' };
  expect((await call('POST', '/api/v1/projects', job, headers)).status).toBe(201);
  await site.finished(job);
  expect(
    await site
      .project(job)
      .describe()
      .then((run) => run.staticDetails()),
  ).toContain('id: `ticket:4711`');

  const ofJob = ({ project }: Job, lines: readonly Readonly<Record<string, unknown>>[]) =>
    lines.filter((line) => JSON.stringify(line).includes(project.id));
  const idsOf = (lines: readonly Readonly<Record<string, unknown>>[]) =>
    new Set(lines.map(({ correlationId }) => correlationId));
  const logged = site.log().split('\n').filter(Boolean);
  const lines = ofJob(
    job,
    logged.map((line) => JSON.parse(line) as Record<string, unknown>),
  );
  expect(lines.map(({ msg }) => msg)).toContain('2 images x 3 analyses');
  const calls = site.goflow
    .calls()
    .filter(({ projectId, endpoint }) => projectId === job.project.id && endpoint !== 'media');
  expect(new Set(calls.map(({ endpoint }) => endpoint))).toEqual(new Set(['E2', 'E3', 'E4']));
  const { GF25_STATE_DIR: stateFolder = '' } = site.environment();
  const sent = ofJob(job, await audited(stateFolder, 'goflow'));
  expect(sent).toHaveLength(9);
  const done = ofJob(job, await audited(stateFolder, 'operators'));
  expect(done).toMatchObject([{ verb: 'project.submit', who: 'a admin', via: 'api' }]);
  for (const found of [lines, calls, sent, done]) expect(idsOf(found as never)).toEqual(new Set(['ticket:4711']));

  // a re-run is another request
  const rerun = await call(
    'POST',
    `/api/v1/projects/${job.project.id}/rerun`,
    { force: true },
    { 'x-correlation-id': 'again' },
  );
  expect(rerun.status).toBe(201);
  await site.finished(job);
  const again = site.goflow.calls().filter(({ idempotencyKey }) => idempotencyKey?.endsWith(':rerun-1'));
  expect(idsOf(again as never)).toEqual(new Set(['again']));
  expect(await verifyAudit(auditFolderIn(stateFolder))).toMatchObject({ intact: true, faults: [] });
  await site.close();
});

test('projects are found page by page, and a word reaches all that are meant', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 1_000 }] });
  const { call, get, post, expectJson } = await serve(site);
  const jobs = Array.from({ length: 5 }, () => buildJob({ seed: randomUUID(), images: 1, analyses: 12 }));
  for (const job of jobs) {
    site.goflow.registerProject(job, { expectComplete: false });
    await expectJson(201, 'POST', '/api/v1/projects', job);
  }
  const ids = jobs.map(({ project }) => project.id).sort();
  await until('visibility has caught up', async () => {
    const { projects } = await get<ProjectPage>('/api/v1/projects');
    return projects.length === 5;
  });

  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 10; pages += 1) {
    const page = await get<ProjectPage>(`/api/v1/projects?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.projects.map(({ projectId }) => projectId));
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(ids);
  for (const wrong of ['x', cursor.slice(0, -2), `${cursor}&open=true`, Buffer.alloc(80, 7).toString('base64url')])
    expect((await call('GET', `/api/v1/projects?limit=2&cursor=${wrong}`)).status, wrong).toBe(404);

  const [job] = jobs;
  const find = async (query: string) =>
    (await get<ProjectPage>(`/api/v1/projects?${query}`)).projects.map(({ projectId }) => projectId).sort();
  expect(await find(`text=${job?.project.id.slice(0, 13) ?? ''}`)).toEqual([job?.project.id]);
  expect(await find(`text=${encodeURIComponent(job?.project.slug.toUpperCase() ?? '')}`)).toContain(job?.project.id);
  expect(await find(`client=${job?.client.slug ?? ''}`)).toContain(job?.project.id);
  expect(await find('client=nobody')).toEqual([]);
  expect(await find('text=nothing-begins-like-this')).toEqual([]);
  expect(await find('since=2100-01-01T00:00:00Z')).toEqual([]);
  expect(await find('until=2100-01-01T00:00:00%2B02:00&failed=false')).toEqual(ids);

  const actions = '/api/v1/projects/actions';
  await until('all have begun', async () => (await find('open=true&phase=planning')).length === 0);
  const [first] = ids;
  await post(`/api/v1/projects/${first ?? ''}/pause`);
  const outcomesOf = ({ projects }: BulkReply) =>
    Object.fromEntries(projects.map(({ projectId, outcome, message }) => [projectId, `${outcome}: ${message}`]));
  const preview = outcomesOf(await post<BulkReply>(`${actions}/resume`, { filter: { open: true } }));
  expect(Object.keys(preview).sort()).toEqual(ids);
  for (const id of ids)
    expect(preview[id]).toBe(id === first ? 'would: resumed' : 'refused: the project is not paused');
  expect(await get(`/api/v1/projects/${first ?? ''}`)).toMatchObject({ project: { phase: 'paused' } });

  const spoken = await post<BulkReply>(`${actions}/cancel`, {
    ...{ filter: { open: true }, input: { reason: 'the test is over' }, dry_run: false },
  });
  expect(spoken.projects.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'done'));
  expect(await expectJson(422, 'POST', `${actions}/cancel`, { filter: { open: true } })).toMatchObject({
    detail: expect.stringContaining('body.input') as string,
  });
  expect(await expectJson(422, 'POST', `${actions}/pause`, { filter: {} })).toMatchObject({
    detail: expect.stringContaining('filter: must name at least one condition') as string,
  });
  await until('all are over', async () => (await find('open=true')).length === 0);
  const statusOfFirst = async () => {
    const { projects } = await get<ProjectPage>('/api/v1/projects');
    return projects.filter(({ projectId }) => projectId === first).map(({ status }) => status);
  };
  expect(await statusOfFirst()).toEqual(['FAILED']);
  // the API remembers closed runs, but not as if nothing could follow them
  expect(await expectJson(201, 'POST', `/api/v1/projects/${first ?? ''}/rerun`)).toMatchObject({ rerun: 0 });
  await until('it runs again, and is listed once', async () => (await statusOfFirst()).join() === 'RUNNING');
  expect(await find('')).toHaveLength(5);
  await post(`/api/v1/projects/${first ?? ''}/cancel`, { reason: 'the test is over' });
  await site.close();
});

test('without Temporal the API says so at once', async () => {
  const site = await openSite({ start: false });
  const { expectJson } = await serve({
    ...site,
    environment: () => ({ ...site.environment(), TEMPORAL_ADDRESS: '127.0.0.1:1' }),
  });
  const startedAt = Date.now();
  for (const path of ['/api/v1/projects', '/api/v1/projects/x', '/api/v1/intake', '/api/v1/projects/x/events'])
    expect(await expectJson(503, 'GET', path)).toMatchObject({ error_code: 'TemporalUnreachable' });
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  await site.close();
});
