import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { currentCorrelationId, withCorrelationId } from '../../../../config/correlation.ts';
import { acquireJob, type AcquireJobDeps } from '../../../../activities/goflow/io/acquire-job.ts';
import { createJobJournal } from '../../../../activities/goflow/io/job-journal.ts';
import type { RecordAttempt } from '../../../../activities/shared/attempt.ts';
import { Failure } from '../../../../activities/shared/failure.ts';
import { createMetrics } from '../../../../activities/shared/metrics.ts';
import type { AcquiredJob, AcquireJobInput } from '../../../../workflows/goflow/contracts/activities.ts';
import { buildJob } from '../../../stand-ins/goflow/job.ts';
import { sha256 } from '../../../stand-ins/shared/http.ts';
import { failureOf, inActivity, recordingAttempts } from '../../../support/activity.ts';
import { directoryOf, type KnownProjects } from '../../../support/directories.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const job = buildJob({ images: 1, analyses: 1 });
const raw = Buffer.from(JSON.stringify(job));
const workflowId = `project-${job.project.id}`;
const noJob = () => Promise.reject(new Failure('NoJob', 'the queue is empty'));

interface Site {
  readonly folder?: string;
  readonly nextJob?: () => Promise<Buffer>;
  readonly known?: KnownProjects;
  readonly recordAttempt?: RecordAttempt;
}

async function siteOf({ known, ...site }: Site = {}) {
  const folder = site.folder ?? (await temporaryFolder());
  const recorded = recordingLog();
  const attempts = recordingAttempts();
  const metrics = createMetrics();
  const nextJob = vi.fn(site.nextJob ?? (() => Promise.resolve(raw)));
  const deps: AcquireJobDeps = {
    nextJob,
    journal: createJobJournal(folder),
    directory: directoryOf(known),
    recordAttempt: site.recordAttempt ?? attempts.recordAttempt,
    limits: () => ({ pollIntervalMs: 10_000, maxConcurrentProjects: 2, maxOpenProjects: 5 }),
    searchAttributes: true,
    correlation: { current: currentCorrelationId, run: withCorrelationId },
    metrics,
    log: recorded.log,
  };
  const acquire = (input: Partial<AcquireJobInput> = {}, heartbeatDetails?: unknown, attempt = 1) =>
    inActivity(() => acquireJob(deps, { untilMs: Date.now() + 60_000, startedIds: [], settled: [], ...input }), {
      ...{ heartbeatDetails, attempt },
    });
  const onDisk = async () => (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return { folder, deps, acquire, nextJob, recorded, records: attempts.records, metrics, onDisk };
}

type InHand = Extract<AcquiredJob, { kind: 'job' }>;
const inHand = async (acquired: Promise<AcquiredJob>) => (await acquired) as InHand;

describe('a job that GoFlow hands out', () => {
  test('is handed over with its workflow id', async () => {
    const { acquire, recorded } = await siteOf();
    expect(await acquire()).toEqual({
      kind: 'job',
      acquisitionId: expect.stringMatching(/^\d{17}-[\da-f-]{36}$/) as string,
      workflowId,
      job,
      searchAttributes: true,
      pollIntervalMs: 10_000,
    });
    expect(recorded.lines()).toMatchObject([{ msg: 'job acquired', projectId: job.project.id, media: 1, analyses: 1 }]);
  });

  test('is on this disk, byte for byte, before anything else happens with it', async () => {
    const folder = await temporaryFolder();
    const seen: Buffer[] = [];
    // Temporal takes its time; what lies on the disk now is what a power failure would leave
    const recordAttempt: RecordAttempt = async () => {
      const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
      seen.push(await readFile(join(folder, name)));
      return 'recorded';
    };
    const { acquire } = await siteOf({ folder, recordAttempt });
    await acquire();
    expect(seen).toEqual([raw]);
  });

  test('is at the server, as the heartbeat of this activity, before it is handed over', async () => {
    const { acquire, records } = await siteOf();
    const { acquisitionId } = await inHand(acquire());
    expect(records).toEqual([{ acquisitionId, rawBase64: raw.toString('base64') }]);
  });

  test('stays on the disk until it is settled', async () => {
    const { acquire, onDisk } = await siteOf();
    const { acquisitionId } = await inHand(acquire());
    expect(await onDisk()).toEqual([`${acquisitionId}.json`]);
    await acquire({ settled: [{ acquisitionId, workflowId, outcome: 'started' }], untilMs: 0 });
    expect(await onDisk()).toEqual([]);
  });

  test('is not asked for a second time when Temporal cannot be told: it is replayed', async () => {
    const fail: RecordAttempt = () => Promise.reject(new Error('Temporal is away'));
    const folder = await temporaryFolder();
    const first = await siteOf({ folder, recordAttempt: fail });
    expect(await failureOf(first.acquire())).toMatchObject({ message: 'Temporal is away' });
    const second = await siteOf({ folder, nextJob: noJob });
    expect(await second.acquire()).toMatchObject({ kind: 'job', job });
    expect(second.nextJob).not.toHaveBeenCalled();
  });

  test('is not handed over when it cannot be written', async () => {
    const site = await siteOf();
    const journal = { ...site.deps.journal, write: () => Promise.reject(new Error('no space left on device')) };
    const acquiring = inActivity(() =>
      acquireJob({ ...site.deps, journal }, { untilMs: Date.now() + 1_000, startedIds: [], settled: [] }),
    );
    expect((await failureOf(acquiring)).message).toBe('no space left on device');
    expect(site.records).toEqual([]);
  });
});

describe('a job that was left over', () => {
  test('by an attempt that died is taken from its heartbeat, on any machine', async () => {
    const { acquire, nextJob } = await siteOf({ nextJob: noJob });
    const heartbeat = { acquisitionId: 'of the attempt before', rawBase64: raw.toString('base64') };
    expect(await acquire({}, heartbeat)).toMatchObject({ acquisitionId: 'of the attempt before', workflowId, job });
    expect(nextJob).not.toHaveBeenCalled();
  });

  test.each([undefined, null, 'garbage', {}, { acquisitionId: 7 }])(
    'is not seen in a heartbeat of %j',
    async (details) => {
      const { acquire, nextJob } = await siteOf();
      await acquire({}, details);
      expect(nextJob).toHaveBeenCalledOnce();
    },
  );

  test('on this disk is replayed, the oldest first, before GoFlow is asked', async () => {
    const folder = await temporaryFolder();
    const other = buildJob({ seed: 'other', images: 1, analyses: 1 });
    await createJobJournal(folder).write('2026-second', raw);
    await createJobJournal(folder).write('2025-first', Buffer.from(JSON.stringify(other)));
    const { acquire, nextJob } = await siteOf({ folder });
    expect(await acquire()).toMatchObject({ acquisitionId: '2025-first', job: other });
    expect(nextJob).not.toHaveBeenCalled();
  });

  test('is handed over even when the window is over: it is in hand already', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).write('a', raw);
    const { acquire } = await siteOf({ folder });
    expect(await acquire({ untilMs: 0 })).toMatchObject({ kind: 'job', acquisitionId: 'a' });
  });

  test('is let go when its project runs by now', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).write('a', raw);
    const known = { described: { [workflowId]: { isRunning: true, status: 'RUNNING', acquisitionId: 'a' } } };
    const { acquire, onDisk } = await siteOf({ folder, known, nextJob: noJob });
    expect(await failureOf(acquire())).toMatchObject({ code: 'NoJob' });
    expect(await onDisk()).toEqual([]);
  });

  test('is handed over when its project runs for another hand-out: the workflow id decides', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).write('a', raw);
    const known = { described: { [workflowId]: { isRunning: true, status: 'RUNNING', acquisitionId: 'another' } } };
    expect(await (await siteOf({ folder, known })).acquire()).toMatchObject({ acquisitionId: 'a' });
  });
});

describe('a malformed job', () => {
  const malformed = (body: string | object) => {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return { bytes, site: siteOf({ nextJob: () => Promise.resolve(bytes) }) };
  };

  test('is handed over under its project id, and names each fault', async () => {
    const { site } = malformed({ ...job, analyses: [{ id: 'x', slug: '', name: 'n' }] });
    const { acquire, recorded, metrics } = await site;
    expect(await acquire()).toMatchObject({
      kind: 'job',
      workflowId,
      job: {
        malformed: true,
        projectId: job.project.id,
        faults: ['analyses.0.id: must be a UUID', 'analyses.0.slug: must not be empty'],
      },
    });
    expect(recorded.lines()).toMatchObject([{ level: 'error', msg: 'GoFlow handed out a malformed job' }]);
    expect((await metrics.jobs.get()).values).toMatchObject([{ labels: { outcome: 'malformed' }, value: 1 }]);
  });

  test('without a project id goes by the digest of its body', async () => {
    const { bytes, site } = malformed('<html>');
    expect(await (await site).acquire()).toMatchObject({
      workflowId: `project-malformed-${sha256(bytes).slice(0, 16)}`,
      job: { malformed: true, bodyDigest: sha256(bytes) },
    });
  });

  test('is kept for the operator where the log says', async () => {
    const { bytes, site } = malformed('{"half": ');
    const { acquire, recorded } = await site;
    await acquire();
    const { keptAt } = recorded.lines()[0] as { keptAt: string };
    expect((await readFile(keptAt)).equals(bytes)).toBe(true);
  });
});

describe('no job', () => {
  test('is asked for after the window is over', async () => {
    const { acquire, nextJob } = await siteOf();
    expect(await acquire({ untilMs: Date.now() - 1 })).toEqual({ kind: 'window-over' });
    expect(nextJob).not.toHaveBeenCalled();
  });

  test.each<[string, KnownProjects, string]>([
    ['intake is paused', { isPaused: true }, 'IntakePaused'],
    ['there is no capacity', { open: [{ workflowId: 'a' }, { workflowId: 'b' }] }, 'NoCapacity'],
  ])('is asked for while %s', async (_, known, code) => {
    const { acquire, nextJob } = await siteOf({ known });
    expect(await failureOf(acquire())).toMatchObject({ code });
    expect(nextJob).not.toHaveBeenCalled();
  });

  test('is made of what nextJob fails with', async () => {
    const { acquire, onDisk } = await siteOf({ nextJob: noJob });
    expect(await failureOf(acquire())).toMatchObject({ code: 'NoJob' });
    expect(await onDisk()).toEqual([]);
  });
});

describe('what became of the jobs before', () => {
  test.each([
    [{ isRunning: true, status: 'RUNNING' }, 'already-running'],
    [{ isRunning: false, status: 'COMPLETED' }, 'already-completed'],
  ])('is counted and logged when one was refused because its project %j (D6)', async (description, outcome) => {
    const { acquire, metrics, recorded } = await siteOf({ known: { described: { [workflowId]: description } } });
    await acquire({ settled: [{ acquisitionId: 'a', workflowId, outcome: 'refused' }], untilMs: 0 });
    expect((await metrics.jobs.get()).values).toMatchObject([{ labels: { outcome }, value: 1 }]);
    expect(recorded.lines()).toMatchObject([{ level: 'warn', acquisitionId: 'a', workflowId }]);
  });

  test('is said once, and not again with each poll of an empty queue', async () => {
    const described = { [workflowId]: { isRunning: true, status: 'RUNNING' } };
    const { acquire, metrics, recorded } = await siteOf({ known: { described } });
    for (const attempt of [1, 2, 3])
      await acquire(
        { settled: [{ acquisitionId: 'a', workflowId, outcome: 'refused' }], untilMs: 0 },
        undefined,
        attempt,
      );
    expect((await metrics.jobs.get()).values).toMatchObject([{ value: 1 }]);
    expect(recorded.lines()).toHaveLength(1);
  });

  test('is nothing special when one was started', async () => {
    const { acquire, recorded } = await siteOf();
    await acquire({ settled: [{ acquisitionId: 'a', workflowId, outcome: 'started' }], untilMs: 0 });
    expect(recorded.lines()).toEqual([]);
  });
});
