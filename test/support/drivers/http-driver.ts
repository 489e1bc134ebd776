import type { ProjectPage } from '../../../client/operations/find-projects.ts';
import type { HostsView } from '../../../client/operations/list-hosts.ts';
import type { IntakeView } from '../../../client/operations/show-intake.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { BulkReply } from '../../../client/operations/selected-projects.ts';
import type { ReportDocument } from '../../../client/report/report-document.ts';
import { bindOperations } from '../../../client/http/operations.ts';
import { asRole, openApi } from '../../client/http/api.ts';
import type { Site } from '../site.ts';
import type { Driver, Outcome } from './driver.ts';

/** The HTTP API on a port, asked with the token of an admin. */
export async function openHttp({ client: temporal, namespace }: Site): Promise<Driver> {
  const operations = bindOperations(async () => ({ client: temporal, namespace }));
  // on a slow machine the scenario looks again more often than one caller may
  const { app } = await openApi({ operations, settings: { rateLimits: { processing: 10_000 } } });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const headers = await asRole('admin');
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const read = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const { status, text } = await call(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const say = async (path: string, body?: object) => outcomeOf(await call('POST', path, body));
  return {
    submit: (job) => say('/projects', job),
    rerun: ({ project }) => say(`/projects/${project.id}/rerun`),
    say: (word, id, input) => say(`/projects/${id}/${word}`, input),
    async sayToAll(word, { client, phase }, input) {
      const filter = { open: true, client, ...(phase !== undefined && { phases: [phase] }) };
      const { projects } = await read<BulkReply>('POST', `/projects/actions/${word}`, {
        filter,
        input,
        dry_run: false,
      });
      return projects.every(({ outcome }) => outcome === 'done') ? 'done' : JSON.stringify(projects);
    },
    async list({ client, phase }) {
      const query = new URLSearchParams({ open: 'true', client, ...(phase !== undefined && { phase }) });
      const { projects } = await read<ProjectPage>('GET', `/projects?${query.toString()}`);
      return projects.map(({ projectId }) => projectId).sort();
    },
    async show(id) {
      const { progress } = await read<ProjectView>('GET', `/projects/${id}`);
      if (!progress) throw new Error(`GET /projects/${id} knows no progress`);
      return progress;
    },
    async watch(id) {
      const { text } = await call('GET', `/projects/${id}/events`);
      const last = [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].at(-1)?.[1] ?? '';
      return (JSON.parse(last) as ProjectView).progress?.phase ?? 'planning';
    },
    async report(id) {
      const { counts } = await read<ReportDocument>('GET', `/projects/${id}/report`);
      return { accepted: counts.accepted, failed: counts.failed };
    },
    async showIntake() {
      const { paused, note = '' } = await read<IntakeView>('GET', '/intake');
      return { paused, note };
    },
    pauseIntake: (note) => say('/intake/pause', { note }),
    resumeIntake: () => say('/intake/resume'),
    pollIntake: () => say('/intake/poll'),
    hosts: async () => (await read<HostsView>('GET', '/hosts')).hosts.map(({ host }) => host),
    close: () => app.close(),
  };
}

function outcomeOf({ status, text }: { readonly status: number; readonly text: string }): Outcome {
  if (status < 300) return 'done';
  return status === 404 ? 'missing' : `refused: ${(JSON.parse(text) as { detail: string }).detail}`;
}
