import { findTemporal } from '../../../tools/temporal/binary.ts';
import { projectWorkflowId, scheduleId } from '../../../workflows/goflow/contracts/ids.ts';
import { closedPhases, type Progress } from '../../../workflows/goflow/contracts/progress.ts';
import type { ProjectResult } from '../../../workflows/goflow/contracts/project.ts';
import type { Job } from '../../stand-ins/goflow/job.ts';
import type { Site } from '../site.ts';
import { until } from '../wait.ts';
import type { Driver, Outcome, Selection } from './driver.ts';
import { type Ended, runProgram } from './run-program.ts';

/**
 * The official `temporal` CLI, with nothing of ours. A word to one project is an update, which answers, and the next time
 * a signal: fire and forget, and what is ignored is shown by the project. Words to many are signals to what a query finds.
 */
export async function openTemporal(site: Site): Promise<Driver> {
  const program = await findTemporal(() => undefined);
  const { TEMPORAL_ADDRESS = '', TEMPORAL_NAMESPACE = '' } = site.environment();
  const temporal = (...args: string[]) => runProgram(program, args, { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE });
  const read = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await temporal(...args, '--output', 'json');
    if (code !== 0) throw new Error(`temporal ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };
  const say = async (...args: string[]) => outcomeOf(await temporal(...args));
  const show = async (id: string) => {
    const { queryResult } = await read<{ queryResult: [Progress] }>(
      ...['workflow', 'query', '-w', projectWorkflowId(id), '--name', 'progress'],
    );
    return queryResult[0];
  };
  // the CLI writes an empty list as null
  const ignored = (id: string) =>
    show(id).then(
      ({ ignoredSignals }: Partial<Progress>) => ignoredSignals ?? [],
      () => [],
    );
  let isSignal = true;
  const start = ({ project, client, ...job }: Job) =>
    say(
      ...['workflow', 'start', '--type', 'goflowProject', '-w', projectWorkflowId(project.id), '-t', 'goflow'],
      ...['--id-reuse-policy', 'AllowDuplicateFailedOnly', '--fail-existing'],
      ...['--search-attribute', `Gf25Client=${JSON.stringify(client.slug)}`],
      ...['--input', JSON.stringify({ job: { project, client, ...job }, rerun: 0, searchAttributes: true })],
    );
  return {
    submit: start,
    rerun: start,
    async say(word, id, input) {
      const to = ['-w', projectWorkflowId(id), '--name', word, '--input', JSON.stringify(input)];
      isSignal = !isSignal;
      if (!isSignal) return say('workflow', 'update', 'execute', ...to);
      const before = await ignored(id);
      const outcome = await say('workflow', 'signal', ...to);
      if (outcome !== 'done') return outcome;
      const after = await ignored(id);
      return after.length > before.length ? `refused: ${after.at(-1) ?? ''}` : 'done';
    },
    sayToAll: (word, selection, input) =>
      say(
        ...['workflow', 'signal', '--query', queryOf(selection), '--name', word],
        ...['--input', JSON.stringify(input), '--reason', 'a test', '--yes'],
      ),
    async list(selection) {
      const found = await read<{ execution: { workflowId: string } }[]>(
        ...['workflow', 'list', '--query', queryOf(selection)],
      );
      return found.map(({ execution }) => execution.workflowId.slice(projectWorkflowId('').length)).sort();
    },
    show,
    watch: (id) =>
      until(
        `${id} is over`,
        async () => {
          const { phase } = await show(id);
          return closedPhases.includes(phase) ? phase : undefined;
        },
        { everyMs: 300 },
      ),
    async report(id) {
      const { result } = await read<{ result: ProjectResult }>('workflow', 'result', '-w', projectWorkflowId(id));
      return { accepted: result.done, failed: result.failed };
    },
    async showIntake() {
      const { schedule } = await read<{ schedule: { state: { paused?: boolean; notes?: string } } }>(
        ...['schedule', 'describe', '--schedule-id', scheduleId],
      );
      return { paused: schedule.state.paused ?? false, note: schedule.state.notes ?? '' };
    },
    pauseIntake: (note) => say('schedule', 'toggle', '--schedule-id', scheduleId, '--pause', '--reason', note),
    async resumeIntake() {
      const resumed = await say('schedule', 'toggle', '--schedule-id', scheduleId, '--unpause', '--reason', 'done');
      return resumed === 'done' ? say('schedule', 'trigger', '--schedule-id', scheduleId) : resumed;
    },
    pollIntake: () => say('schedule', 'trigger', '--schedule-id', scheduleId, '--overlap-policy', 'Skip'),
    async hosts() {
      const { pollers } = await read<{ pollers: { identity: string }[] }>(
        ...['task-queue', 'describe', '--task-queue', 'goflow-gpu', '--task-queue-type', 'activity'],
      );
      return pollers.map(({ identity }) => identity.split(' ')[1] ?? '');
    },
    close: async () => undefined,
  };
}

const queryOf = ({ client, phase }: Selection) =>
  [
    `WorkflowType='goflowProject' AND ExecutionStatus='Running' AND Gf25Client='${client}'`,
    ...(phase === undefined ? [] : [`Gf25Phase='${phase}'`]),
  ].join(' AND ');

function outcomeOf({ code, stderr }: Ended): Outcome {
  if (code === 0) return 'done';
  return /not found/i.test(stderr) && !/already completed/.test(stderr) ? 'missing' : `refused: ${stderr.trim()}`;
}
