import pc from 'picocolors';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bar } from '../../../client/cli/render/bar.ts';
import { clean } from '../../../client/cli/render/clean.ts';
import { renderHosts } from '../../../client/cli/render/hosts.ts';
import { renderIntake } from '../../../client/cli/render/intake.ts';
import { createProgressLines } from '../../../client/cli/render/progress-lines.ts';
import { renderProject } from '../../../client/cli/render/project.ts';
import { renderProjects } from '../../../client/cli/render/projects.ts';
import { table } from '../../../client/cli/render/table.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { Progress } from '../../../workflows/goflow/contracts/progress.ts';

const plain = pc.createColors(false);
const coloured = pc.createColors(true);

const progress: Progress = {
  phase: 'holding',
  since: '2026-11-21T11:50:01.123Z',
  totals: { combinations: 4, done: 3, failed: 1, running: 0 },
  waitingFor: 'an operator: 1 of 4 combinations failed (QaRejected): retry, accept or cancel',
  media: [
    { mediaId: 'm1', filename: 'a.jpg', state: 'done', done: 2, failed: 0, total: 2 },
    { mediaId: 'm2', filename: 'b.jpg', state: 'analysing', host: 'h1', done: 1, failed: 1, total: 2 },
  ],
  failures: [{ mediaId: 'm2', analysisId: 'a1', code: 'QaRejected', message: 'empty\nand late' }],
  ignoredSignals: ['pause: no input'],
};

const view: ProjectView = {
  project: {
    projectId: 'p1',
    workflowId: 'project-p1',
    runId: 'r1',
    summary: 'Client · Project\u001b[2J',
    client: 'client',
    phase: 'holding',
    failed: 1,
    started: '2026-11-21T11:49:57.557Z',
    closed: undefined,
    status: 'RUNNING',
  },
  progress,
};

test('a project is shown with its images, what failed, and what to do about it', () => {
  expect(renderProject(view, plain)).toMatchInlineSnapshot(`
    "Client · Project [2J
    workflow  project-p1, run r1
    status    running, started 2026-11-21 11:49:57 (UTC)
    phase     holding since 2026-11-21 11:50:01 (UTC)
    waits for an operator: 1 of 4 combinations failed (QaRejected): retry, accept or cancel
    progress  ██████████████████▒▒▒▒▒▒ 3/4 done, 1 failed

    IMAGE  STATE      DONE  FAILED  HOST  FILE
    m1     done        2/2                a.jpg
    m2     analysing   1/2       1  h1    b.jpg

    FAILED IMAGE  ANALYSIS  CODE        MESSAGE
    m2            a1        QaRejected  empty and late
    QaRejected: No answer passed QA within qa.maxRepairs: the message lists the reasons; retry asks again.

    ignored signals:
      - pause: no input"
  `);
});

test('a project that is over is shown with its end', () => {
  const closed = {
    ...view.project,
    phase: 'failed' as const,
    status: 'FAILED' as const,
    closed: '2026-11-21T12:00:00Z',
  };
  const failure = { code: 'MalformedJob', message: 'the job is malformed: media.0.id: must be a UUID' };
  const text = renderProject({ project: closed, progressUnavailable: 'the workflow cannot say', failure }, plain);
  expect(text).toContain('end       MalformedJob: the job is malformed: media.0.id: must be a UUID');
  expect(text).toContain('progress  unknown: the workflow cannot say');
  expect(text).toContain('closed 2026-11-21 12:00:00');
});

test('columns are as wide as their widest cell, numbers to the right, foreign text made harmless', () => {
  const columns = [{ heading: 'NAME' }, { heading: 'N', align: 'right' as const }, { heading: 'LAST' }];
  expect(
    table(columns, [
      ['größer', 7, 'x\ty'],
      ['b', 1234, undefined],
    ]),
  ).toBe(['NAME       N  LAST', 'größer     7  x y', 'b       1234'].join('\n'));
});

test('a cell that is longer than its column may be is cut', () => {
  expect(table([{ heading: 'NAME', atMost: 5 }, { heading: 'N' }], [['größere', 7]])).toBe('NAME   N\ngröß…  7');
});

test.each(['\n', '\u0085', '\u009b', '\u2028', '\u2029', '\u202e', '\u2066'])(
  'foreign text with %j steers nothing',
  (text) => {
    expect(clean(`a${text}b`)).toBe('a b');
  },
);

test('colours do not shift columns', () => {
  const rows = [view.project, { ...view.project, phase: undefined, failed: undefined }];
  const colourless = renderProjects(rows, coloured).replaceAll(/\u001b\[\d+m/g, '');
  expect(renderProjects(rows, coloured)).toContain('\u001b[33mholding');
  expect(colourless).toBe(renderProjects(rows, plain));
  expect(renderProjects([], plain)).toBe('no projects');
});

test.each([
  [{ combinations: 4, done: 0, failed: 0, running: 4 }, '░░░░░░░░░░░░░░░░░░░░░░░░ 0/4 done, 4 running'],
  [{ combinations: 4, done: 2, failed: 1, running: 0 }, '████████████▒▒▒▒▒▒░░░░░░ 2/4 done, 1 failed'],
  [{ combinations: 0, done: 0, failed: 0, running: 0 }, '░░░░░░░░░░░░░░░░░░░░░░░░ 0/0 done'],
])('the bar of %j', (totals, text) => {
  expect(bar(totals)).toBe(text);
});

test('in a terminal, progress within a phase overwrites its line; elsewhere each change is a line', () => {
  const written = (columns: number | undefined) => {
    let text = '';
    const lines = createProgressLines({ out: (piece) => (text += piece), columns });
    lines.show(view);
    lines.show({ ...view, project: { ...view.project, phase: 'done' } });
    lines.end();
    return text;
  };
  expect(written(20)).toBe('\r\u001b[2Kholding            \ndone               \n');
  expect(written(undefined).split('\n')).toHaveLength(3);
  expect(written(undefined)).toContain('3/4 done, 1 failed · waits for an operator: 1 of 4');
});

test('progress says how fast it goes and how long that will take, once it is known', () => {
  let nowMs = 0;
  const lines: string[] = [];
  const progressLines = createProgressLines({ out: (line) => lines.push(line), columns: undefined }, () => nowMs);
  const { progress } = view;
  if (!progress) throw new Error('the view has no progress');
  const { waitingFor: _, ...going } = progress;
  for (const done of [0, 10, 30]) {
    const totals = { combinations: 40, done, failed: 0, running: 8 };
    progressLines.show({ ...view, progress: { ...going, phase: 'processing', totals } });
    nowMs += 10_000;
  }
  expect(lines.map((line) => line.trimEnd().split('running')[1])).toEqual([
    '',
    ' · 60 per minute · about 30 s left',
    ' · 90 per minute · about 7 s left',
  ]);
});

test('intake says whether jobs are taken and how the last poll went', () => {
  const run = {
    workflowId: 'goflow-intake-x',
    started: '2026-11-21T11:50:00Z',
    attempt: 7,
    nextAttempt: '2026-11-21T11:51:10Z',
    lastFailure: { code: 'NoJob', message: 'the queue is empty' },
  };
  const on = { paused: false, note: undefined, nextRun: '2026-11-21T11:51:00Z', polling: true, runs: [run] };
  expect(renderIntake(on)).toMatchInlineSnapshot(`
    "intake    polling
    next run  2026-11-21 11:51:00 (UTC), unless one is polling
    run       goflow-intake-x, since 2026-11-21 11:50:00 (UTC)
    poll      7, next at 2026-11-21 11:51:10
    last poll NoJob: the queue is empty"
  `);
  const off = { paused: true, note: 'moving', nextRun: undefined, polling: false, runs: [] };
  expect(renderIntake(off)).toBe('intake    paused: no jobs are taken\nnote      moving');
});

test('hosts are told apart by life and load', () => {
  const seen = { identity: '7@gpu', lastSeen: '2026-11-21T11:50:00.000Z', alive: true };
  const shared = { queue: 'goflow-gpu', backlog: 3, pollers: [seen] };
  const about = { imagesStaged: 2, backlog: 0, pollers: [seen] };
  const host = { host: 'h1', queue: 'goflow-gpu.h1', alive: true, lastHeard: seen.lastSeen, ...about };
  const late = { host: 'h3', queue: 'goflow-gpu.h3', alive: false, lastHeard: seen.lastSeen, ...about };
  const gone = { host: 'h2', queue: 'goflow-gpu.h2', alive: false, imagesStaged: 0, backlog: 5, pollers: [] };
  vi.useFakeTimers({ now: Date.parse('2026-11-21T11:51:23.400Z'), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(renderHosts({ shared, hosts: [host, gone, late], unanswered: ['p1'] }, plain)).toMatchInlineSnapshot(`
    "HOST  ALIVE         IMAGES  BACKLOG  WORKERS  LAST HEARD (UTC)
    h1    yes                2        0  7@gpu    2026-11-21 11:50:00
    h2    not heard          0        5
    h3    not for 83 s       2        0  7@gpu    2026-11-21 11:50:00

    3 image(s) wait for a host with room
    workers that asked for images lately: 7@gpu
    project p1 has not said in time which images it holds: they are not counted"
  `);
});
