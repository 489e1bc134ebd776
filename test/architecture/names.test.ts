import { describe, expect, test } from 'vitest';
import {
  projectWorkflowId,
  mediaWorkflowId,
  intakeWorkflowId,
  scheduleId,
} from '../../workflows/goflow/contracts/ids.ts';
import { progressQuery, wordSchemas, wordSignals, wordUpdates } from '../../workflows/goflow/contracts/messages.ts';
import { phases } from '../../workflows/goflow/contracts/progress.ts';
import { queues } from '../../workflows/goflow/contracts/queues.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import * as workflows from '../../workflows/goflow/index.ts';

/**
 * What operators, their scripts, dashboards and other systems rely on. It is part of the product's contract: a change
 * here is a breaking change, and running projects may have to be moved.
 */
describe('names that others use', () => {
  test.each([
    ['workflow types', Object.keys(workflows), ['goflowIntake', 'goflowMedia', 'goflowNotifications', 'goflowProject']],
    ['the id of the schedule', scheduleId, 'goflow-intake'],
    ['the id of intake, to which the schedule appends the time', intakeWorkflowId, 'goflow-intake'],
    ['the id of a project', projectWorkflowId('P1'), 'project-P1'],
    ['the id of an image', mediaWorkflowId('P1', 'M1'), 'project-P1/media-M1'],
    [
      'task queues',
      [queues.workflows, queues.io, queues.gpu, queues.gpuHost('HOST')],
      ['goflow', 'goflow-io', 'goflow-gpu', 'goflow-gpu.HOST'],
    ],
    [
      'search attributes',
      Object.values(searchAttributes).map(({ name, type }) => [name, type]),
      [
        ['Gf25ProjectId', 'KEYWORD'],
        ['Gf25Client', 'KEYWORD'],
        ['Gf25Phase', 'KEYWORD'],
        ['Gf25Failed', 'INT'],
      ],
    ],
    [
      'phases',
      phases,
      [
        'planning',
        'waiting-for-gpu',
        'processing',
        'holding',
        'paused',
        'waiting-for-goflow',
        'completing',
        'done',
        'failed',
        'cancelled',
      ],
    ],
    [
      'signals of a project',
      Object.values(wordSignals).map(({ name }) => name),
      ['retry', 'accept', 'pause', 'resume', 'cancel'],
    ],
    [
      'updates of a project',
      Object.values(wordUpdates).map(({ name }) => name),
      ['retry', 'accept', 'pause', 'resume', 'cancel'],
    ],
    ['the query for progress', progressQuery.name, 'progress'],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test.each([
    ['retry', {}],
    ['retry', { mediaId: 'M1' }],
    ['retry', { analysisId: 'A1' }],
    ['retry', { mediaId: 'M1', analysisId: 'A1' }],
    ['retry', { step: 'report' }],
    ['accept', { reason: 'good enough' }],
    ['pause', {}],
    ['resume', {}],
    ['cancel', { reason: 'wrong client' }],
  ] as const)('a project understands %s %j', (word, input) => {
    expect(wordSchemas[word].safeParse(input)).toEqual({ success: true, data: input });
  });
});
