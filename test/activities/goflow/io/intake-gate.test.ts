import { describe, expect, test } from 'vitest';
import { passIntakeGate } from '../../../../activities/goflow/io/intake-gate.ts';
import { failures } from '../../../../workflows/shared/failures.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import { type Phase, phases } from '../../../../workflows/goflow/contracts/progress.ts';
import { failureOf } from '../../../support/activity.ts';
import { directoryOf, type KnownProjects } from '../../../support/directories.ts';

const limits = { pollIntervalMs: 10_000, maxConcurrentProjects: 2, maxOpenProjects: 5 };
const pass = (known: KnownProjects, startedIds: readonly string[] = []) =>
  passIntakeGate(directoryOf(known), limits, startedIds);
const inPhase = (...list: (Phase | undefined)[]) =>
  list.map((phase, index) => ({ workflowId: `project-${index}`, ...(phase && { phase }) }));
const running = { isRunning: true, status: 'RUNNING' };

describe('the gate before E1', () => {
  test.each<[string, KnownProjects, readonly string[]]>([
    ['nothing is open', {}, []],
    ['one project works', { open: inPhase('processing') }, []],
    ['projects wait for a person', { open: inPhase('holding', 'holding', 'paused', 'processing') }, []],
    ['projects wait for GoFlow (P12)', { open: inPhase('waiting-for-goflow', 'waiting-for-goflow', 'planning') }, []],
    ['projects complete', { open: inPhase('completing', 'completing', 'processing') }, []],
    [
      'projects are over but for their last words',
      { open: inPhase('done', 'failed', 'cancelled', 'done', 'done') },
      [],
    ],
    [
      'a project that was just started has ended',
      { described: { a: { isRunning: false, status: 'FAILED' } } },
      ['a', 'b', 'c'],
    ],
  ])('is open while %s', async (_, known, startedIds) => {
    await expect(pass(known, startedIds)).resolves.toBeUndefined();
  });

  test.each<[string, KnownProjects, readonly string[], string, RegExp]>([
    ['intake is paused', { isPaused: true }, [], 'IntakePaused', /paused/],
    [
      'two projects work',
      { open: inPhase('processing', 'waiting-for-gpu') },
      [],
      'NoCapacity',
      /^2 projects use the GPUs$/,
    ],
    ['two projects plan', { open: inPhase('planning', 'planning') }, [], 'NoCapacity', /use the GPUs/],
    ['the phase is not known', { open: inPhase(undefined, undefined) }, [], 'NoCapacity', /use the GPUs/],
    [
      'too many are open, whoever they wait for',
      { open: inPhase('holding', 'holding', 'holding', 'paused', 'completing') },
      [],
      'NoCapacity',
      /^5 projects are open$/,
    ],
    [
      'projects were just started that visibility does not show yet',
      { described: { a: running, b: running } },
      ['a', 'b'],
      'NoCapacity',
      /^2 projects use the GPUs$/,
    ],
    [
      'one is listed and one was just started',
      { open: inPhase('processing'), described: { a: running } },
      ['a'],
      'NoCapacity',
      /^2 projects use the GPUs$/,
    ],
  ])('is closed while %s', async (_, known, startedIds, code, message) => {
    const failure = await failureOf<Failure>(pass(known, startedIds));
    expect(failure).toMatchObject({ code, retryDelayMs: 10_000 });
    expect(failure.message).toMatch(message);
    expect(failures[failure.code].retry).toBe('idle');
  });

  test('counts a project once that is both listed and just started', async () => {
    const known = { open: inPhase('holding'), described: { 'project-0': running } };
    await expect(
      passIntakeGate(directoryOf(known), { ...limits, maxConcurrentProjects: 1 }, ['project-0']),
    ).resolves.toBe(undefined);
  });

  test('knows every phase', async () => {
    const one = { ...limits, maxConcurrentProjects: 1 };
    const closing: Phase[] = [];
    for (const phase of phases) {
      await passIntakeGate(directoryOf({ open: inPhase(phase) }), one, []).catch(() => closing.push(phase));
    }
    expect(closing).toEqual(['planning', 'waiting-for-gpu', 'processing']);
  });
});
