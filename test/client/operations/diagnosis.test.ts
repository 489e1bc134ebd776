import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../client/operations/diagnosis/evidence.ts';
import { judge } from '../../../client/operations/diagnosis/judge.ts';
import { pendingWorkOf, type RawDescription } from '../../../client/operations/diagnosis/pending-work.ts';
import type { HostView } from '../../../client/operations/list-hosts.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { Phase, Progress } from '../../../workflows/goflow/contracts/progress.ts';

/** What a real server described, without what nobody reads. */
const recorded = JSON.parse(readFileSync(new URL('recorded-descriptions.json', import.meta.url), 'utf8')) as Record<
  string,
  RawDescription
>;
const nowMs = 1_795_290_700_000;

const hostOf = (host: string, alive = true): HostView => ({
  ...{ host, alive, imagesStaged: 0, queue: `goflow-gpu.${host}`, backlog: 0, pollers: [] },
});

interface Case {
  readonly phase?: Phase;
  readonly progress?: Partial<Progress>;
  readonly project?: Partial<ProjectView['project']>;
  readonly view?: Partial<ProjectView>;
  /** Of the project and its images. */
  readonly descriptions?: readonly (RawDescription | undefined)[];
  readonly evidence?: Partial<Evidence>;
}

const progressOf = (phase: Phase, more: Partial<Progress> = {}): Progress => ({
  ...{ phase, since: '2026-11-21T19:50:00.000Z' },
  totals: { combinations: 40, done: 10, failed: 0, running: 4 },
  media: [{ mediaId: 'm1', filename: 'a.jpg', state: 'analysing', host: 'gpu-1', done: 10, failed: 0, total: 40 }],
  ...{ failures: [], ignoredSignals: [] },
  ...more,
});

function evidenceOf({ phase = 'processing', progress, project, view, descriptions = [], evidence }: Case): Evidence {
  return {
    ...{ nowMs, namespace: 'default', taskFailure: undefined, legal: [] },
    work: descriptions.map((raw, index) =>
      pendingWorkOf(index === 0 ? 'project-p' : `project-p/media-m${index}`, raw ?? {}, nowMs),
    ),
    polled: { workflows: true, io: true },
    hosts: { shared: { queue: 'goflow-gpu', backlog: 0, pollers: [] }, hosts: [hostOf('gpu-1')] },
    ...evidence,
    view: {
      project: {
        ...{ projectId: 'p', workflowId: 'project-p', runId: 'r', summary: 'A · B', client: 'a', phase, failed: 0 },
        ...{ started: new Date(nowMs - 600_000).toISOString(), closed: undefined, status: 'RUNNING' as const },
        ...project,
      },
      progress: progressOf(phase, progress),
      ...view,
    },
  };
}

const worst = (given: Case) => judge(evidenceOf(given)).findings[0];

const stuck = (type: string, code: string, message: string, more: object = {}): RawDescription => ({
  pendingActivities: [
    {
      ...{ activityId: `${type}.1`, activityType: { name: type }, attempt: 7, state: 1 },
      nextAttemptScheduleTime: { seconds: String(nowMs / 1000 + 60), nanos: 0 },
      lastFailure: { message, applicationFailureInfo: { type: code } },
      ...more,
    },
  ],
});

test('a project at work has a pace and a time left', () => {
  const given = { descriptions: [recorded['its images are at work'], recorded['its image is analysed']] };
  expect(judge(evidenceOf(given)).findings).toEqual([
    {
      ...{ kind: 'progressing', severity: 'info' },
      message:
        'Nothing is wrong: processing, 10 of 40 done, 0 failed, 4 at work, 1.0 a minute since its start, about 30 min left.',
      commands: ['gf25 projects watch p'],
    },
  ]);
});

describe('processes that are missing', () => {
  test('no orchestrator', () => {
    const found = worst({
      descriptions: [recorded['no worker has seen it']],
      evidence: { polled: { workflows: false, io: false } },
    });
    expect(found).toMatchObject({ kind: 'no-orchestrator', severity: 'error' });
    expect(found?.commands).toEqual([
      'npm run worker -- orchestrator',
      'temporal task-queue describe --task-queue goflow --task-queue-type workflow',
    ]);
  });

  test('an orchestrator that polled and does not answer, beside what the project has said last', () => {
    const silent = { progress: undefined, progressUnavailable: 'no orchestrator answers' } as object;
    const { findings } = judge(evidenceOf({ phase: 'holding', view: silent }));
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['no-orchestrator', 'error'],
      ['holding', 'error'],
    ]);
    expect(findings[0]?.message).toMatch(/polled a moment ago.*no orchestrator answers/);
  });

  test('an orchestrator that cannot go on, with what it met', () => {
    const found = worst({
      descriptions: [recorded['its workflow task fails']],
      evidence: { taskFailure: '[TMPRL1100] Nondeterminism error' },
    });
    expect(found).toMatchObject({ kind: 'workflow-task-fails', severity: 'error' });
    expect(found?.message).toMatch(/project-p fails since 2026-11-21T.*attempt \d+: \[TMPRL1100\]/);
    expect(found?.commands[0]).toBe('temporal workflow show -w project-p');
    expect(worst({ descriptions: [recorded['its workflow task fails']] })).toMatchObject({
      ...{ kind: 'workflow-task-fails', severity: 'warning' },
      message: expect.stringContaining('an orchestrator died') as string,
    });
  });

  test('no io worker matters only where a call waits for one', () => {
    const evidence = { polled: { workflows: true, io: false } };
    expect(worst({ phase: 'planning', descriptions: [recorded['it waits to be planned']], evidence })).toMatchObject({
      ...{ kind: 'no-io-worker', severity: 'error' },
      commands: ['npm run worker -- io', expect.stringContaining('goflow-io') as string],
    });
    expect(worst({ descriptions: [{}], evidence })?.kind).toBe('progressing');
  });

  test('no GPU worker, or none with room', () => {
    const waiting = {
      phase: 'waiting-for-gpu' as const,
      progress: { media: [] },
      descriptions: [recorded['its images are at work'], recorded['its image waits for a host']],
    };
    const hosts = { shared: { queue: 'goflow-gpu', backlog: 3, pollers: [] }, hosts: [hostOf('gpu-1', false)] };
    expect(worst({ ...waiting, evidence: { hosts } })).toMatchObject({ kind: 'no-gpu-host', severity: 'error' });
    expect(worst(waiting)).toMatchObject({
      ...{ kind: 'waits-for-room', severity: 'warning' },
      message: expect.stringContaining('1 image(s) wait for a GPU host with room (gpu-1') as string,
    });
  });

  test('a host that is gone is named', () => {
    const hosts = {
      shared: { queue: 'goflow-gpu', backlog: 0, pollers: [] },
      hosts: [hostOf('gpu-1', false), hostOf('gpu-2')],
    };
    expect(worst({ descriptions: [{}], evidence: { hosts } })).toMatchObject({
      ...{ kind: 'host-gone', severity: 'warning' },
      message: expect.stringContaining('gpu-1') as string,
    });
  });
});

describe('calls that cannot go on', () => {
  test('GoFlow refuses the key: with the next attempt, and the word that sends the report now', () => {
    const found = worst({
      ...{ phase: 'waiting-for-goflow', descriptions: [recorded['its report is refused']] },
      evidence: { legal: [{ word: 'retry', input: { step: 'report' }, message: 'the stored report is sent now' }] },
    });
    expect(found).toMatchObject({ kind: 'goflow-unavailable', severity: 'error' });
    expect(found?.message).toMatch(
      /^submitReport cannot go on: GoFlowUnauthorized: status 401: .* \(attempt 2; the next attempt is at 2026-11-21T19:56:28\.379Z\)\. .*GOFLOW_API_KEY/,
    );
    expect(found?.commands).toEqual([
      'gf25 projects retry p --step report',
      `temporal workflow update execute -w project-p --name retry --input '{"step":"report"}'`,
      'gf25 intake show',
      'temporal workflow describe -w project-p',
    ]);
  });

  test.each([
    ['submitResult', 'GoFlowUnreachable', 'goflow-unavailable', 'error'],
    ['submitResult', 'GoFlowRateLimited', 'rate-limited', 'warning'],
    ['stageImage', 'NoHealthyHost', 'vision-unavailable', 'error'],
    ['stageImage', 'ImageUnreachable', 'image-unavailable', 'error'],
    ['analyze', 'VisionTimeout', 'vision-unavailable', 'warning'],
    ['analyze', 'VisionOverloaded', 'rate-limited', 'warning'],
    ['planProject', 'Internal', 'activity-retries', 'warning'],
  ])('%s that meets %s is %s', (type, code, kind, severity) => {
    const found = worst({ descriptions: [{}, stuck(type, code, 'why')] });
    expect(found).toMatchObject({ kind, severity });
    expect(found?.message).toContain(
      `${type} cannot go on: ${code}: why (attempt 7; the next attempt is at 2026-11-21T`,
    );
    expect(found?.commands.at(-1)).toBe('temporal workflow describe -w project-p/media-m1');
  });

  test('many of one kind are one finding, and a notification is none', () => {
    const descriptions = [
      stuck('announce', 'NotificationFailed', 'x'),
      ...[1, 2, 3].map(() => stuck('submitResult', 'GoFlowTimeout', 'y')),
    ];
    const { findings } = judge(evidenceOf({ descriptions }));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(/^3 x submitResult cannot go on/);
  });

  test('an activity that somebody paused is named with the command that frees it', () => {
    const found = worst({ descriptions: [{}, stuck('analyze', 'VisionFailed', 'x', { state: 4 })] });
    expect(found).toMatchObject({ kind: 'activity-paused', severity: 'error' });
    expect(found?.commands).toEqual(['temporal activity unpause -w project-p/media-m1 --activity-id analyze.1']);
  });
});

describe('a project that waits for a person', () => {
  const failures = ['a1', 'a2'].map((analysisId) => ({
    ...{ mediaId: 'm1', analysisId, code: 'GoFlowNotFound', message: 'status 404' },
  }));
  const legal: Evidence['legal'] = [
    { word: 'retry', input: {}, message: '2 failed combination(s) run again' },
    { word: 'accept', input: { reason: 'TEXT' }, message: 'the project completes without what failed' },
  ];

  test('on hold: what failed, why, and the words that it would obey', () => {
    const found = worst({
      ...{ phase: 'holding', progress: { failures, media: progressOf('holding').media } },
      evidence: { legal, namespace: 'images' },
    });
    expect(found?.message).toContain('GoFlowNotFound (2): GoFlow does not know this project');
    expect(found?.message).toContain('[a.jpg / a1: status 404; a.jpg / a2: status 404]');
    expect(found?.commands).toEqual([
      'gf25 projects retry p',
      `temporal workflow update execute -n images -w project-p --name retry --input '{}'`,
      'gf25 projects accept p --reason "TEXT"',
      `temporal workflow update execute -n images -w project-p --name accept --input '{"reason":"TEXT"}'`,
      'gf25 projects retry p --media m1 --analysis a1',
    ]);
  });

  test('on hold with more failures than are listed: all are counted, and a code says of how many', () => {
    const listed = Array.from({ length: 50 }, (_, index) => ({
      ...{ mediaId: 'm1', analysisId: `a${index}`, code: index < 20 ? 'ImageMissing' : 'QaRejected', message: 'x' },
    }));
    const totals = { combinations: 64, done: 0, failed: 64, running: 0 };
    const found = worst({ phase: 'holding', progress: { failures: listed, totals } });
    expect(found?.message).toContain('64 failed in all. ImageMissing (20 of the first 50 listed):');
    expect(found?.message).toContain('QaRejected (30 of the first 50 listed):');
  });

  test('paused', () => {
    const found = worst({ phase: 'paused', evidence: { legal: [{ word: 'resume', input: {}, message: 'resumed' }] } });
    expect(found).toMatchObject({ kind: 'paused', severity: 'warning' });
    expect(found?.commands[0]).toBe('gf25 projects resume p');
  });
});

describe('a project that is over', () => {
  const result = { projectId: 'p', combinations: 4, done: 3, failed: 1, report: 'accepted', planDigest: 'd' } as const;
  test.each([
    [
      { phase: 'done', project: { status: 'COMPLETED' }, view: { result } },
      'finished',
      'info',
      '3 of 4 combinations done',
    ],
    [{ phase: 'cancelled', project: { status: 'FAILED' } }, 'ended-badly', 'warning', 'failed'],
    [{ project: { status: 'TERMINATED' } }, 'ended-badly', 'error', 'terminated'],
    [
      { project: { status: 'FAILED' }, view: { failure: { code: 'MalformedJob', message: 'media.0.id' } } },
      ...(['ended-badly', 'error', 'MalformedJob: media.0.id. The job breaks the contract'] as const),
    ],
  ] as const)('%j is %s', (given, kind, severity, said) => {
    const found = worst(given);
    expect(found).toMatchObject({ kind, severity });
    expect(found?.message).toContain(said);
  });

  test('a job that nobody could read is mended where it came from: a re-run would be refused', () => {
    const failure = { code: 'MalformedJob', message: '(body): not JSON' };
    const found = worst({ project: { status: 'FAILED' }, view: { failure } });
    expect(found?.message).toContain('Mend the job at GoFlow');
    expect(found?.commands).toEqual(['gf25 submit FILE.json', 'temporal workflow show -w project-p']);
  });
});
