import { describe, expect, test } from 'vitest';
import {
  activityId,
  combinationKey,
  idempotencyKey,
  intakeWorkflowId,
  malformedJobWorkflowId,
  mediaWorkflowId,
  notificationsWorkflowId,
  projectWorkflowId,
  scheduleId,
} from '../../../../workflows/goflow/contracts/ids.ts';
import { queues } from '../../../../workflows/goflow/contracts/queues.ts';
import { searchAttributes } from '../../../../workflows/goflow/contracts/search-attributes.ts';

test('the names that others rely on do not change', () => {
  expect({
    scheduleId,
    intakeWorkflowId,
    project: projectWorkflowId('P'),
    media: mediaWorkflowId('P', 'M'),
    notifications: notificationsWorkflowId('project-P', 'R'),
    malformed: malformedJobWorkflowId('0123456789abcdef0123456789abcdef'),
    combination: combinationKey('M', 'A'),
    queues: [queues.workflows, queues.io, queues.gpu, queues.gpuHost('H')],
    searchAttributes: Object.values(searchAttributes).map(({ name, type }) => `${name} ${type}`),
  }).toMatchInlineSnapshot(`
    {
      "combination": "M/A",
      "intakeWorkflowId": "goflow-intake",
      "malformed": "project-malformed-0123456789abcdef",
      "media": "project-P/media-M",
      "notifications": "project-P/notifications-R",
      "project": "project-P",
      "queues": [
        "goflow",
        "goflow-io",
        "goflow-gpu",
        "goflow-gpu.H",
      ],
      "scheduleId": "goflow-intake",
      "searchAttributes": [
        "Gf25ProjectId KEYWORD",
        "Gf25Client KEYWORD",
        "Gf25Phase KEYWORD",
        "Gf25Failed INT",
      ],
    }
  `);
});

test('the ids of activities do not change', () => {
  expect([
    activityId.plan(),
    activityId.status('processing', 1),
    activityId.status('completed', 2),
    activityId.composeReport(1),
    activityId.report(3),
    activityId.announce(4),
    activityId.recover('M', 1),
    activityId.stage('M', 2),
    activityId.release('M', 2),
    activityId.handBack('M', 2),
    activityId.analyze('M', 'A', 1),
    activityId.submit('M', 'A', 1, 1),
    activityId.submit('M', 'A', 3, 2),
  ]).toMatchInlineSnapshot(`
    [
      "plan",
      "status.processing.1",
      "status.completed.2",
      "compose-report.1",
      "report.3",
      "announce.4",
      "recover.M.1",
      "stage.M.2",
      "release.M.2",
      "hand-back.M.2",
      "analyze.M.A.1",
      "submit.M.A.1",
      "submit.M.A.3.2",
    ]
  `);
});

describe('an idempotency key', () => {
  test('has the form of decision D2, with reruns and rounds behind it (P2)', () => {
    expect([
      idempotencyKey.status('P', 'processing', 0),
      idempotencyKey.status('P', 'completed', 2),
      idempotencyKey.result('P', 'M', 'A', 0, 1),
      idempotencyKey.result('P', 'M', 'A', 0, 2),
      idempotencyKey.result('P', 'M', 'A', 1, 1),
      idempotencyKey.result('P', 'M', 'A', 1, 2),
      idempotencyKey.report('P', 0),
      idempotencyKey.report('P', 1),
    ]).toMatchInlineSnapshot(`
      [
        "P:processing",
        "P:completed:rerun-2",
        "P:M:A",
        "P:M:A:2",
        "P:M:A:rerun-1",
        "P:M:A:rerun-1:2",
        "P:report",
        "P:report:rerun-1",
      ]
    `);
  });

  test('is never shared by two combinations, rounds or reruns', () => {
    const keys = [0, 1, 2, 11].flatMap((rerun) => [
      idempotencyKey.status('P', 'processing', rerun),
      idempotencyKey.status('P', 'completed', rerun),
      idempotencyKey.report('P', rerun),
      ...['M1', 'M2'].flatMap((media) =>
        ['A1', 'A2'].flatMap((analysis) =>
          [1, 2, 3, 11].map((round) => idempotencyKey.result('P', media, analysis, rerun, round)),
        ),
      ),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('no two activities of an image that may be pending at once share an id', () => {
  const ids = ['A1', 'A2'].flatMap((analysis) =>
    [1, 2].flatMap((round) => [
      activityId.analyze('M', analysis, round),
      activityId.submit('M', analysis, round, 1),
      activityId.submit('M', analysis, round, 2),
    ]),
  );
  expect(new Set(ids).size).toBe(ids.length);
});
