import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { Temporal } from '../../../client/operations/ask-temporal.ts';
import { listHosts } from '../../../client/operations/list-hosts.ts';
import { sleep } from '../../support/wait.ts';

const ago = (seconds: number) => {
  const ms = Date.now() - seconds * 1_000;
  return { seconds: Math.floor(ms / 1_000), nanos: 0 };
};

interface Heartbeat {
  readonly host: string;
  readonly secondsAgo: number;
  readonly status?: number;
}

/** What Temporal would say: nobody polls but these, by host, and these workers have sent a heartbeat. */
function temporalWith(polls: Readonly<Record<string, number>>, heartbeats: readonly Heartbeat[]): Temporal {
  const workflowService = {
    describeTaskQueue: async ({ taskQueue }: { taskQueue: { name: string } }) => {
      const at = polls[taskQueue.name.replace('goflow-gpu.', '')];
      return { pollers: at === undefined ? [] : [{ identity: 'a worker', lastAccessTime: ago(at) }], stats: null };
    },
    listWorkers: async () => ({
      workersInfo: heartbeats.map(({ host, secondsAgo, status = 1 }) => ({
        workerHeartbeat: { taskQueue: `goflow-gpu.${host}`, status, heartbeatTime: ago(secondsAgo) },
      })),
      nextPageToken: new Uint8Array(),
    }),
  };
  const client = { workflowService, withDeadline: <T>(_: number, work: () => T) => work() };
  return { client, namespace: 'test' } as unknown as Temporal;
}

const seen = async (...given: Parameters<typeof temporalWith>) => {
  const { hosts } = await listHosts(temporalWith(...given), { countImages: false });
  return hosts.map(({ host, alive, lastHeard }) => {
    const heard = lastHeard === undefined ? 'never' : Math.round((Date.now() - Date.parse(lastHeard)) / 1_000);
    return `${host}: ${alive ? 'alive' : 'silent'}, ${heard}`;
  });
};

test('a host is heard by its polls or by its heartbeats, whichever came last', async () => {
  const [polls, beats, ...others] = await seen({ a: 30 }, [
    { host: 'a', secondsAgo: 50 },
    { host: 'b', secondsAgo: 20 },
  ]);
  expect(polls).toMatch(/^a: alive, 3[01]$/);
  // a server that was just restarted knows of no poll
  expect(beats).toMatch(/^b: alive, 2[01]$/);
  expect(others).toEqual([]);
});

test('one that polls late is silent, not gone: when it was heard is said', async () => {
  expect((await seen({ a: 90 }, [{ host: 'a', secondsAgo: 80 }]))[0]).toMatch(/^a: silent, 8[01]$/);
});

test('one that has said goodbye is not alive, unless it has begun anew', async () => {
  expect(await seen({}, [{ host: 'a', secondsAgo: 1, status: 3 }])).toEqual(['a: silent, never']);
  const again = await seen({}, [
    { host: 'a', secondsAgo: 5 },
    { host: 'a', secondsAgo: 1, status: 3 },
  ]);
  expect(again[0]).toMatch(/^a: alive, [56]$/);
});

/** Projects that run; an orchestrator that is asked by more than four at once answers none of them in time. */
function busyTemporal(projects: number) {
  let atOnce = 0;
  const tooLate = Object.assign(new Error('4 DEADLINE_EXCEEDED: late'), { code: 4, details: 'late', metadata: {} });
  const query = async () => {
    atOnce += 1;
    const isTooMuch = atOnce > 4;
    await sleep(5);
    atOnce -= 1;
    if (isTooMuch) throw tooLate;
    return { media: [{ host: 'a' }], totals: {} };
  };
  const executions = Array.from({ length: projects }, (_, index) => ({
    execution: { workflowId: `project-${index}`, runId: `run-${index}` },
    searchAttributes: { indexedFields: { Gf25Phase: defaultPayloadConverter.toPayload('processing') } },
    status: 1,
  }));
  const { client, namespace } = temporalWith({ a: 1 }, []);
  Object.assign(client.workflowService, {
    listWorkflowExecutions: async () => ({ executions, nextPageToken: new Uint8Array() }),
  });
  const describe = async () => ({ staticSummary: async () => 'a project' });
  return { client: Object.assign(client, { workflow: { getHandle: () => ({ describe, query }) } }), namespace };
}

test('many projects are asked a few at a time, so that those that are busy do answer', async () => {
  const { hosts, unanswered } = await listHosts(busyTemporal(12));
  expect(unanswered).toEqual([]);
  expect(hosts).toMatchObject([{ host: 'a', imagesStaged: 12 }]);
});
