import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { apiErrors } from '../../../client/http/api-errors.ts';
import { type Role, roles, routeAccess } from '../../../client/http/auth/access.ts';
import type { ErrorEnvelope } from '../../../client/http/errors.ts';
import { verifyAudit } from '../../../client/operations/verify-audit.ts';
import { auditFolderIn } from '../../../config/audit-log.ts';
import { buildJob } from '../../stand-ins/goflow/job.ts';
import { audited } from '../../support/audited.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/wait.ts';
import { asRole, bearer, openApi, secret, tokenFor } from './api.ts';

const job = buildJob({ seed: 'a', images: 2, analyses: 3 });
const reason = { reason: 'known' };

/** The body that each route wants; those that are not named want none. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/v1/projects': job,
  'POST /api/v1/projects/:id/accept': reason,
  'POST /api/v1/projects/:id/cancel': reason,
  ...Object.fromEntries(
    ['retry', 'rerun', 'pause', 'resume'].map((word) => [
      `POST /api/v1/projects/actions/${word}`,
      { filter: { open: true }, dry_run: false },
    ]),
  ),
  ...Object.fromEntries(
    ['accept', 'cancel'].map((word) => [
      `POST /api/v1/projects/actions/${word}`,
      { filter: { open: true }, input: reason, dry_run: false },
    ]),
  ),
};

async function openAudited(options: Parameters<typeof openApi>[0] = {}) {
  const api = await openApi(options);
  const send = async (role: Role, route: string, payload?: object, headers: Record<string, string> = {}) => {
    const [method = '', url = ''] = route.split(' ');
    const request = { method: method as 'POST', url, headers: { ...(await asRole(role)), ...headers } };
    return api.app.inject({ ...request, ...(payload && { payload }) });
  };
  return { ...api, send, records: () => audited(api.stateFolder, 'operators') };
}

const routes = Object.entries(routeAccess);
const changing = routes.flatMap(([route, access]) => ('action' in access ? [[route, access] as const] : []));

describe('an action over HTTP', () => {
  test('is every route that is not for reading', () => {
    expect(changing.map(([route]) => route)).toEqual(
      routes.map(([route]) => route).filter((route) => !route.startsWith('GET ')),
    );
  });

  test.each(changing)('%s leaves a record with its caller and its answer', async (route, { role, action }) => {
    const { send, records, stateFolder, log } = await openAudited();
    const id = { 'x-correlation-id': 'request-7' };
    const answer = await send(role, route.replace(':id', 'project-one'), bodies[route], id);
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    const all = await records();
    const [record] = all.slice(-1);
    expect(record).toMatchObject({
      ...{ via: 'api', who: `a ${role}`, role, correlationId: 'request-7', verb: action, answer: 'accepted' },
      durationMs: expect.any(Number) as number,
      at: expect.stringMatching(/Z$/) as string,
    });
    if (route.includes(':id')) expect(record).toMatchObject({ projectId: 'one' });
    expect(all).toHaveLength(route.includes('/actions/') ? 2 : 1);
    expect(await verifyAudit(auditFolderIn(stateFolder))).toMatchObject({ intact: true, records: all.length });
    expect(log()).toContain('"msg":"an action of an operator"');
  });

  test('is recorded with what was meant', async () => {
    const { send, records } = await openAudited();
    await send('operator', 'POST /api/v1/projects', { ...job, more: 'is not recorded' });
    await send('operator', 'POST /api/v1/projects/one/retry', { mediaId: 'm', analysisId: 'a' });
    await send('admin', 'POST /api/v1/projects/actions/cancel', {
      ...{ filter: { phases: ['holding'], client: 'acme' }, input: reason, dry_run: false },
    });
    await send('operator', 'POST /api/v1/intake/pause', { note: `for ${secret}` });
    expect(await records()).toMatchObject([
      {
        ...{ verb: 'project.submit', projectId: job.project.id },
        input: { client: job.client.slug, images: 2, analyses: 3 },
        result: { projectId: job.project.id, runId: 'r', rerun: 0 },
      },
      { verb: 'project.retry', projectId: 'one', input: { mediaId: 'm', analysisId: 'a' } },
      { verb: 'project.cancel', projectId: 'one', input: reason, result: { message: 'cancel done' } },
      {
        verb: 'project.cancel',
        filter: { phases: ['holding'], client: 'acme' },
        input: reason,
        result: { projects: 1 },
      },
      { verb: 'intake.pause', input: { note: 'for [redacted]' }, result: { message: 'paused' } },
    ]);
  });

  test.each([
    ['missing', 'refused', 'NotFound', 'there is no project missing'],
    ['refuses', 'refused', 'Refused', 'the project is not paused'],
    ['wrong', 'refused', 'ValidationFailed', 'mediaId: must be known; step: must be report'],
    ['silent', 'failed', 'Unanswered', 'project silent has not answered; the word may still reach it'],
    ['unreachable', 'failed', 'TemporalUnreachable', apiErrors.TemporalUnreachable.hint],
    ['no-access', 'failed', 'TemporalRefused', apiErrors.TemporalRefused.hint],
    ['breaks', 'failed', 'InternalError', apiErrors.InternalError.hint],
  ])('that meets "%s" is recorded as %s with %s', async (projectId, answer, code, message) => {
    const { send, records } = await openAudited();
    await send('operator', `POST /api/v1/projects/${projectId}/pause`);
    expect(await records()).toMatchObject([{ verb: 'project.pause', projectId, answer, code, message }]);
  });

  test('is recorded when its caller may not, or says it wrong: then without its body', async () => {
    const { app, send, records, calls } = await openAudited();
    await send('viewer', 'POST /api/v1/projects/one/cancel', reason);
    await send('operator', 'POST /api/v1/projects/actions/cancel', { filter: { open: true }, input: reason });
    await send('operator', 'POST /api/v1/projects/one/cancel', { why: 'x'.repeat(10_000) });
    const text = { ...(await asRole('operator')), 'content-type': 'text/plain' };
    await app.inject({ method: 'POST', url: '/api/v1/projects/one/cancel', headers: text, payload: 'please' });
    await app.inject({ method: 'POST', url: '/api/v1/projects/one/pause', headers: bearer(await tokenFor(undefined)) });
    expect(calls).toEqual([]);
    const all = await records();
    expect(all).toMatchObject([
      {
        who: 'a viewer',
        role: 'viewer',
        verb: 'project.cancel',
        projectId: 'one',
        answer: 'refused',
        code: 'RoleMissing',
      },
      { who: 'a operator', verb: 'project.cancel', answer: 'refused', code: 'RoleMissing' },
      { who: 'a operator', verb: 'project.cancel', projectId: 'one', answer: 'refused', code: 'ValidationFailed' },
      { verb: 'project.cancel', projectId: 'one', code: 'UnsupportedMediaType' },
      { who: 'a stranger', verb: 'project.pause', projectId: 'one', code: 'RoleMissing' },
    ]);
    for (const record of all) expect(record).not.toHaveProperty('input');
  });

  test('is not what only reads, previews, has no good token or comes too often', async () => {
    const settings = { rateLimits: { processing: 4 } };
    const { app, send, records } = await openAudited({ settings });
    await send('admin', 'GET /api/v1/projects/one');
    await send('admin', 'POST /api/v1/projects/actions/cancel', { filter: { open: true }, input: reason });
    await send('admin', 'POST /api/v1/projects/actions/pause', { filter: { text: 'missing' } });
    await app.inject({ method: 'POST', url: '/api/v1/projects/one/pause' });
    await app.inject({ method: 'POST', url: '/api/v1/projects/one/pause', headers: bearer('not.a.token') });
    expect(await records()).toEqual([]);
    await send('admin', 'POST /api/v1/projects/one/pause');
    expect((await send('admin', 'POST /api/v1/projects/one/pause')).statusCode).toBe(429);
    expect(await records()).toHaveLength(1);
  });

  test('is refused while it could not be recorded; reading goes on, and so does all once it can', async () => {
    const stateFolder = await temporaryFolder();
    const inItsPlace = auditFolderIn(stateFolder);
    await writeFile(inItsPlace, 'a file');
    const { send, calls, log, records } = await openAudited({ stateFolder });
    const refused = await send('operator', 'POST /api/v1/projects/one/cancel', reason);
    expect(refused.statusCode).toBe(503);
    expect(refused.json<ErrorEnvelope>()).toMatchObject({ error_code: 'AuditUnavailable' });
    expect(refused.body).not.toContain(stateFolder);
    expect(calls).toEqual([]);
    expect(log()).toMatch(/"record":\{.*"verb":"project.cancel".*"code":"AuditUnavailable".*"msg":"lost"/);
    for (const role of roles) expect((await send(role, 'GET /api/v1/projects/one')).statusCode).toBe(200);
    const preview = await send('admin', 'POST /api/v1/projects/actions/pause', { filter: { open: true } });
    expect(preview.statusCode).toBe(200);

    await rm(inItsPlace);
    expect((await send('operator', 'POST /api/v1/projects/one/cancel', reason)).statusCode).toBe(200);
    expect(await records()).toMatchObject([{ verb: 'project.cancel', answer: 'accepted' }]);
  });

  test('is recorded when its caller has gone before the answer', async () => {
    const { app, calls, release, records } = await openAudited();
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const leave = new AbortController();
    const asked = fetch(`${address}/api/v1/projects/waits/pause`, {
      ...{ method: 'POST', headers: await asRole('operator'), signal: leave.signal },
    });
    await until('it is asked for', async () => calls.length === 1);
    leave.abort();
    await expect(asked).rejects.toThrow();
    const connections = () => new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)));
    await until('the caller has gone', async () => (await connections()) === 0);
    expect(await records()).toEqual([]);
    release();
    const [record] = await until('it is recorded', async () => {
      const all = await records();
      return all.length > 0 ? all : undefined;
    });
    expect(record).toMatchObject({ verb: 'project.pause', projectId: 'waits', answer: 'accepted' });
  });
});
