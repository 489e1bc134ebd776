import { expect, test } from 'vitest';
import type { ActionRecord, Actor } from '../../../client/audit/action.ts';
import { actionLogOver } from '../../../client/audit/action-log.ts';
import { perform } from '../../../client/audit/perform.ts';
import { AuditUnavailableError, InvalidInputError } from '../../../client/operations/errors.ts';

const actor: Actor = { via: 'cli', who: 'sam', host: 'desk', correlationId: 'command-1' };
const action = { verb: 'project.cancel', projectId: 'p', input: { reason: 'r' } } as const;

/** An audit on a disk that fills up when it is told to. */
function auditOnDisk() {
  const disk = { isFull: false };
  const records: ActionRecord[] = [];
  const lost: ActionRecord[] = [];
  const checkRoom = async () => {
    if (disk.isFull) throw new Error('ENOSPC: no space left on device');
  };
  const audit = {
    prepare: checkRoom,
    record: async (record: ActionRecord) => {
      await checkRoom();
      records.push(record);
    },
    close: async () => undefined,
  };
  return { disk, records, lost, log: actionLogOver(audit, 'audit', (record) => void lost.push(record)) };
}

test('what is done is recorded once, with its result', async () => {
  const { log, records, lost } = auditOnDisk();
  expect(await perform(log, actor, action, async () => ({ message: 'cancelled' }))).toEqual({ message: 'cancelled' });
  expect(records).toMatchObject([{ ...actor, ...action, answer: 'accepted', result: { message: 'cancelled' } }]);
  expect(lost).toEqual([]);
});

test('what throws is recorded with why, and throws', async () => {
  const { log, records } = auditOnDisk();
  const error = new InvalidInputError('not like this', ['reason: must not be empty', 'x: unknown'], 'mend it');
  await expect(perform(log, actor, action, () => Promise.reject(error))).rejects.toBe(error);
  const message = 'reason: must not be empty; x: unknown';
  expect(records).toMatchObject([{ answer: 'refused', code: 'ValidationFailed', message }]);
  await expect(perform(log, actor, action, () => Promise.reject(new Error('odd')))).rejects.toThrow('odd');
  expect(records[1]).toMatchObject({ answer: 'failed', code: 'InternalError', message: 'odd' });
});

test('what could not be recorded is not done', async () => {
  const { disk, log, records, lost } = auditOnDisk();
  disk.isFull = true;
  let isDone = false;
  const attempt = perform(log, actor, action, async () => (isDone = true));
  await expect(attempt).rejects.toThrow(AuditUnavailableError);
  expect([isDone, records, lost]).toEqual([false, [], []]);
});

test('when the disk fills up in between, it is done, its record goes to the log, and the next one is refused', async () => {
  const { disk, log, records, lost } = auditOnDisk();
  const done = await perform(log, actor, action, async () => {
    disk.isFull = true;
    return 'done';
  });
  expect(done).toBe('done');
  expect(records).toEqual([]);
  expect(lost).toMatchObject([{ ...action, answer: 'accepted', result: 'done' }]);
  await expect(perform(log, actor, action, async () => 'again')).rejects.toThrow('nothing was done');
});
