import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Temporal } from '../../../client/operations/ask-temporal.ts';
import { pauseIntake } from '../../../client/operations/pause-intake.ts';
import { pollIntake } from '../../../client/operations/poll-intake.ts';
import { ensureIntakeSchedule } from '../../../client/operations/prepare-namespace.ts';
import { resumeIntake } from '../../../client/operations/resume-intake.ts';
import { showIntake } from '../../../client/operations/show-intake.ts';
import { createNamespace, type TestNamespace } from '../../support/namespace.ts';

let namespace: TestNamespace;
let temporal: Temporal;

beforeAll(async () => {
  namespace = await createNamespace(inject('temporalAddress'));
  temporal = { client: namespace.client, namespace: namespace.name };
  await ensureIntakeSchedule(namespace.client, { windowMs: 600_000 });
});
afterAll(() => namespace.close());

const rounds = 12;
const isPaused = async () => (await showIntake(temporal)).paused;

test('neither a pause nor a resume is lost when the scheduler is told something else at the same moment', async () => {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all([pauseIntake(temporal, { note: 'a pause' }), pollIntake(temporal).catch(() => undefined)]);
    expect(await isPaused(), `pause ${round}`).toBe(true);
    await Promise.all([resumeIntake(temporal, { note: 'a resume' }), pollIntake(temporal).catch(() => undefined)]);
    expect(await isPaused(), `resume ${round}`).toBe(false);
  }
  expect(await showIntake(temporal)).toMatchObject({ note: 'a resume', polling: true });
});
