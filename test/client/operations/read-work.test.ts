import { WorkflowNotFoundError } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { Temporal } from '../../../client/operations/ask-temporal.ts';
import { readWork } from '../../../client/operations/diagnosis/read-work.ts';

/** A Temporal that knows these descriptions and nothing else. */
function temporalWith(descriptions: Readonly<Record<string, object>>): Temporal {
  const getHandle = (id: string) => ({
    describe: async () => {
      const raw = descriptions[id];
      if (!raw) throw new WorkflowNotFoundError('workflow not found', id, undefined);
      return { raw };
    },
  });
  const client = { workflow: { getHandle }, withDeadline: (_: number, work: () => Promise<unknown>) => work() };
  return { client: client as unknown as Temporal['client'], namespace: 'default' };
}

test('an image that is announced but has not begun is left out of what is pending', async () => {
  const pendingChildren = [{ workflowId: 'project-1/media-a' }, { workflowId: 'project-1/media-b' }];
  const temporal = temporalWith({ 'project-1': { pendingChildren }, 'project-1/media-b': {} });
  const work = await readWork(temporal, 'project-1');
  expect(work.map(({ workflowId }) => workflowId)).toEqual(['project-1', 'project-1/media-b']);
});

test('a project that has just been forgotten has nothing pending', async () => {
  expect(await readWork(temporalWith({}), 'project-1')).toEqual([]);
});
