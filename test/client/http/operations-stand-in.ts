import type { Operations } from '../../../client/http/operations.ts';
import type { ProjectRow } from '../../../client/operations/describe-project.ts';
import {
  InvalidInputError,
  NamespaceMissingError,
  NotFoundError,
  RefusedError,
  TemporalRefusedError,
  UnansweredError,
} from '../../../client/operations/errors.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import { factsOf, spentOn } from '../../../client/report/combination-facts.ts';
import type { ProjectResults } from '../../../client/report/results.ts';
import { TemporalUnreachableError } from '../../../config/temporal.ts';
import { sampleAnswer, sampleMedia, sampleResults } from '../report/sample-results.ts';

/** What a project of this name meets, whatever is asked of it. */
const fates: Readonly<Record<string, () => Error>> = {
  missing: () => new NotFoundError('there is no project missing', 'gf25 projects list'),
  refuses: () => new RefusedError('the project is not paused', 'gf25 projects show'),
  wrong: () => new InvalidInputError('not like this', ['mediaId: must be known', 'step: must be report'], 'mend it'),
  silent: () => new UnansweredError('project silent has not answered; the word may still reach it', 'start a worker'),
  unreachable: () => new TemporalUnreachableError('10.0.0.7:7233', new Error('ECONNREFUSED 10.0.0.7:7233')),
  'no-namespace': () => new NamespaceMissingError('Temporal has no namespace "secret-name"', 'create it'),
  'no-access': () => new TemporalRefusedError('Temporal refuses access: token of 10.0.0.7', 'check the key'),
  breaks: () => new Error('password is hunter2'),
};

const sampleRow = (projectId: string): ProjectRow => ({
  ...{ projectId, workflowId: `project-${projectId}`, runId: 'run-1', summary: 'A client · A project' },
  ...{ client: 'a-client', phase: 'processing', failed: 0, started: '2026-01-02T03:04:05.000Z', closed: undefined },
  status: 'RUNNING',
});

const sampleView = (projectId: string, done = 1): ProjectView => ({
  project: sampleRow(projectId),
  progress: {
    ...{ phase: 'processing', since: '2026-01-02T03:04:05.000Z', planDigest: 'ab' },
    totals: { combinations: 4, done, failed: 0, running: 1 },
    media: [{ mediaId: 'm', filename: 'm.jpg', state: 'analysing', host: 'host-1', done, failed: 0, total: 4 }],
    ...{ failures: [], ignoredSignals: [] },
  },
});

const answered = sampleMedia('m.jpg', [
  { name: 'object-detection', state: 'accepted', acceptedAtMs: 1_000, answer: sampleAnswer({ objects: [] }) },
  { name: 'alt-text', state: 'failed', failure: { code: 'QaRejected', message: 'no' } },
]);
const sampleReport: ProjectResults = sampleResults([answered]);

export interface StandInCall {
  readonly verb: string;
  readonly input: unknown;
}

/** The operations without Temporal: the id of a project says what becomes of it. */
export function operationsStandIn() {
  const calls: StandInCall[] = [];
  /** How many watchers have not been left yet. */
  let watching = 0;
  const waiting: ((value: unknown) => void)[] = [];
  const meet = (verb: string, input: unknown, id = '') => {
    calls.push({ verb, input });
    const fate = fates[id];
    if (fate) throw fate();
  };
  const started = { workflowId: 'w', runId: 'r', rerun: 0, images: 1, analyses: 1 };
  const shared = { queue: 'goflow-gpu', backlog: 0, pollers: [] };
  const operations: Operations = {
    async findProjects(input) {
      meet('findProjects', input, input.text);
      return { projects: [sampleRow('one'), sampleRow('two')].slice(0, input.limit), nextCursor: 'next' };
    },
    async showProject(input) {
      meet('showProject', input, input.id);
      return sampleView(input.id);
    },
    async readCombinations(input) {
      meet('readCombinations', input, input.id);
      const combinations = sampleReport.media.flatMap(({ media: { id, filename }, combinations: results }) =>
        results.map((result) => ({ mediaId: id, filename, ...factsOf(result, input.prices) })),
      );
      return { combinations, spent: spentOn(combinations) };
    },
    async diagnoseProject(input) {
      meet('diagnoseProject', input, input.id);
      const finding = { kind: 'paused', severity: 'warning', message: 'Paused.', commands: ['gf25 resume'] } as const;
      return { projectId: input.id, workflowId: `project-${input.id}`, phase: 'paused', findings: [finding] };
    },
    async openReport(input) {
      meet('openReport', input, input.id);
      return {
        version: input.id === 'over' ? 'run-1-closed' : undefined,
        read: async () => {
          meet('readReport', input);
          return sampleReport;
        },
      };
    },
    async submitJob(input) {
      const { project } = input.job as { project: { id: string; slug: string } };
      meet('submitJob', input, project.slug);
      return { projectId: project.id, ...started };
    },
    async speakToProject(input) {
      meet('speakToProject', input, input.id);
      if (input.id === 'waits') await new Promise((resolve) => waiting.push(resolve));
      return { projectId: input.id, word: input.word, message: `${input.word} done` };
    },
    async speakToProjects(input) {
      meet('speakToProjects', input, input.filter.text);
      const { word, dryRun, perform } = input;
      if (!dryRun) await perform?.('one', async () => ({ projectId: 'one', word, message: `${word} done` }));
      const row = { projectId: 'one', summary: 'A', phase: 'holding', outcome: 'would', message: 'it would' } as const;
      return { word, dryRun, projects: [row] };
    },
    async rerunProject(input) {
      meet('rerunProject', input, input.id);
      return { projectId: input.id, ...started };
    },
    async rerunProjects(input) {
      meet('rerunProjects', input, input.filter.text);
      const { dryRun, perform } = input;
      if (!dryRun) await perform?.('one', async () => ({ projectId: 'one', ...started }));
      const row = { projectId: 'one', summary: 'A', phase: 'failed', outcome: 'done', message: 'runs again' } as const;
      return { word: 'rerun', dryRun, projects: [row] };
    },
    async showIntake() {
      meet('showIntake', {});
      return { paused: false, note: 'a note', nextRun: undefined, polling: true, runs: [] };
    },
    async pauseIntake(input) {
      meet('pauseIntake', input);
      return { message: 'paused' };
    },
    async resumeIntake(input) {
      meet('resumeIntake', input);
      return { message: 'resumed' };
    },
    async pollIntake() {
      meet('pollIntake', {});
      return { message: 'polls' };
    },
    async listHosts(input) {
      meet('listHosts', input);
      return { shared, hosts: [{ ...shared, host: 'host-1', alive: true, imagesStaged: 2 }], unanswered: [] };
    },
    async viewBacklogs() {
      meet('viewBacklogs', {});
      return [{ queue: 'goflow', kind: 'workflow', tasks: 3 }];
    },
    /** `endless` says nothing after its first change, `stumbles` breaks off, all others end after three. */
    async *watchProject({ id, signal }) {
      meet('watchProject', { id }, id);
      watching += 1;
      try {
        yield sampleView(id, 1);
        if (id === 'endless') await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        if (id === 'stumbles') throw fates['unreachable']?.() ?? new Error();
        if (signal?.aborted) return;
        yield sampleView(id, 2);
        yield sampleView(id, 3);
      } finally {
        watching -= 1;
      }
    },
  };
  /** Lets the project `waits` answer. */
  const release = () => {
    for (const go of waiting.splice(0)) go(undefined);
  };
  return { operations, calls, release, watching: () => watching };
}
