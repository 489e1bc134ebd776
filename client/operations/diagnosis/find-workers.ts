import { queues } from '../../../workflows/goflow/contracts/queues.ts';
import type { Commands } from './commands.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { failingIn } from './pending-work.ts';

/** Whether the processes that a project needs are there, and can go on with it. */
export function findWorkers(evidence: Evidence, commands: Commands): Finding[] {
  return [...findOrchestrator(evidence, commands), ...findIo(evidence, commands), ...findHosts(evidence, commands)];
}

function findOrchestrator({ view, polled, work, taskFailure }: Evidence, commands: Commands): Finding[] {
  if (!polled.workflows)
    return [
      {
        ...{ kind: 'no-orchestrator', severity: 'error' },
        message: `No orchestrator polls the queue ${queues.workflows}: nothing of this project goes on, and no word is answered.`,
        commands: [commands.startWorker('orchestrator'), commands.describeQueue(queues.workflows, 'workflow')],
      },
    ];
  const failing = failingIn(work);
  if (!failing) return findSilence(view, commands);
  const { attempt, since } = failing.workflowTask;
  const subject = `The workflow task of ${failing.workflowId} fails since ${since}, now at attempt ${attempt}`;
  if (taskFailure === undefined)
    return [
      {
        ...{ kind: 'workflow-task-fails', severity: 'warning' },
        message: `${subject}: an orchestrator died or took too long, and another one goes on with it.`,
        commands: [commands.showHistory(failing.workflowId)],
      },
    ];
  return [
    {
      ...{ kind: 'workflow-task-fails', severity: 'error' },
      message:
        `${subject}: ${taskFailure}. A changed workflow code that does not fit this history does that: start the version ` +
        'that it began with, or one that is mended; nothing is lost meanwhile.',
      commands: [commands.showHistory(failing.workflowId), commands.startWorker('orchestrator')],
    },
  ];
}

/** One that was killed or stopped a moment ago still counts as polling. */
function findSilence({ progressUnavailable }: Evidence['view'], commands: Commands): Finding[] {
  if (progressUnavailable === undefined) return [];
  return [
    {
      ...{ kind: 'no-orchestrator', severity: 'error' },
      message: `An orchestrator polled a moment ago, but this project has no answer: ${progressUnavailable}.`,
      commands: [commands.startWorker('orchestrator'), commands.describeQueue(queues.workflows, 'workflow')],
    },
  ];
}

function findIo({ polled, work }: Evidence, commands: Commands): Finding[] {
  const waiting = work
    .flatMap(({ activities }) => activities)
    .filter(({ type, state }) => isIo(type) && state === 'scheduled');
  if (polled.io || waiting.length === 0) return [];
  return [
    {
      ...{ kind: 'no-io-worker', severity: 'error' },
      message: `No io worker polls the queue ${queues.io}: ${waiting.length} call(s) of this project wait for one.`,
      commands: [commands.startWorker('io'), commands.describeQueue(queues.io, 'activity')],
    },
  ];
}

const since = (lastHeard: string | undefined) =>
  lastHeard === undefined ? 'is not heard' : `was last heard at ${lastHeard}`;

const isIo = (type: string) => !['stageImage', 'analyze', 'releaseImage'].includes(type);

function findHosts({ view, hosts: { hosts, shared }, work }: Evidence, commands: Commands): Finding[] {
  const staging = work
    .flatMap(({ activities }) => activities)
    .filter(({ type, failure }) => type === 'stageImage' && !failure);
  const phase = view.progress?.phase ?? view.project.phase;
  const alive = hosts.filter((host) => host.alive).map(({ host }) => host);
  const gone = (view.progress?.media ?? [])
    .filter(({ state, host }) => state === 'analysing' && host !== undefined && !alive.includes(host))
    .map(({ host }) => host ?? '');
  const lastHeard = (name: string) => hosts.find(({ host }) => host === name)?.lastHeard;
  const findings: Finding[] = [...new Set(gone)].map((host) => ({
    ...{ kind: 'host-gone', severity: 'warning' },
    message: `The GPU host ${host} holds images of this project, but its worker ${since(lastHeard(host))}: where it is gone, they move to another host after a timeout.`,
    commands: [
      `GF25_GPU_HOST=${host} ${commands.startWorker('gpu')}`,
      'gf25 hosts',
      commands.describeQueue(queues.gpuHost(host), 'activity'),
    ],
  }));
  if (staging.length === 0 && phase !== 'waiting-for-gpu') return findings;
  if (alive.length === 0)
    findings.push({
      ...{ kind: 'no-gpu-host', severity: 'error' },
      message: `No GPU worker polls the queue ${queues.gpu}: ${staging.length} image(s) of this project wait for one.`,
      commands: [commands.startWorker('gpu'), 'gf25 hosts', commands.describeQueue(queues.gpu, 'activity')],
    });
  else if (phase === 'waiting-for-gpu')
    findings.push({
      ...{ kind: 'waits-for-room', severity: 'warning' },
      message:
        `${staging.length} image(s) wait for a GPU host with room (${alive.join(', ')} work for others, or their vision servers are ` +
        `not healthy); ${shared.backlog} image(s) of all projects are in the queue.`,
      commands: ['gf25 hosts', commands.describeQueue(queues.gpu, 'activity'), commands.startWorker('gpu')],
    });
  return findings;
}
