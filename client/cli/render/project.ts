import type { Progress } from '../../../workflows/goflow/contracts/progress.ts';
import { failures, isFailureCode } from '../../../workflows/shared/failures.ts';
import { isOpen } from '../../operations/describe-project.ts';
import type { ProjectView } from '../../operations/show-project.ts';
import type { Colours } from '../cli.ts';
import { bar } from './bar.ts';
import { clean } from './clean.ts';
import { phasePainter } from './phase.ts';
import { table } from './table.ts';
import { timeOf } from './time.ts';

export function renderProject(view: ProjectView, colours: Colours): string {
  const { project, progress, progressUnavailable } = view;
  const head = [
    colours.bold(clean(project.summary ?? project.workflowId)),
    `workflow  ${project.workflowId}, run ${project.runId}`,
    `status    ${project.status.toLowerCase()}, started ${timeOf(project.started)}` +
      (project.closed === undefined ? '' : `, closed ${timeOf(project.closed)}`) +
      ' (UTC)',
    ...(project.phase === undefined ? [] : [`phase     ${phasePainter(colours)(project.phase)}${since(progress)}`]),
    ...(progress?.waitingFor === undefined ? [] : [`waits for ${clean(progress.waitingFor)}`]),
    ...(progress ? [`progress  ${bar(progress.totals)}`] : []),
    ...(progressUnavailable === undefined ? [] : [`progress  unknown: ${clean(progressUnavailable)}`]),
  ];
  const end = isOpen(project) ? [] : [`end       ${endOf(view).text}`];
  return [...head, ...end, ...(progress ? detailsOf(progress) : [])].join('\n');
}

const since = (progress: Progress | undefined) => (progress ? ` since ${timeOf(progress.since)} (UTC)` : '');

/** How a project ended, in one line; good when it has completed. */
export function endOf({ project, result, failure }: ProjectView): { readonly good: boolean; readonly text: string } {
  if (result)
    return {
      good: true,
      text: `done: ${result.done} of ${result.combinations} combinations done, ${result.failed} failed, report ${result.report}`,
    };
  if (failure) return { good: false, text: `${clean(failure.code)}: ${clean(failure.message)}` };
  // over, while its workflow still delivers its last notifications
  const good = project.phase === 'done' || project.status === 'COMPLETED';
  return { good, text: `the project is ${project.phase ?? project.status.toLowerCase()}` };
}

function detailsOf(progress: Progress): string[] {
  return [...mediaOf(progress), ...failuresOf(progress), ...ignoredOf(progress)];
}

function mediaOf({ media }: Progress): string[] {
  if (media.length === 0) return [];
  const rows = media.map(({ mediaId, filename, state, host, done, failed, total }) => [
    mediaId,
    state,
    `${done}/${total}`,
    failed || '',
    host,
    filename,
  ]);
  const columns = [
    { heading: 'IMAGE' },
    { heading: 'STATE' },
    { heading: 'DONE', align: 'right' as const },
    { heading: 'FAILED', align: 'right' as const },
    { heading: 'HOST' },
    { heading: 'FILE' },
  ];
  return ['', table(columns, rows)];
}

function failuresOf({ failures: failed }: Progress): string[] {
  if (failed.length === 0) return [];
  const rows = failed.map(({ mediaId, analysisId, code, message }) => [mediaId, analysisId, code, message]);
  const columns = [{ heading: 'FAILED IMAGE' }, { heading: 'ANALYSIS' }, { heading: 'CODE' }, { heading: 'MESSAGE' }];
  const codes = [...new Set(failed.map(({ code }) => code))].filter(isFailureCode);
  return ['', table(columns, rows), ...codes.map((code) => `${code}: ${failures[code].hint}`)];
}

function ignoredOf({ ignoredSignals }: Progress): string[] {
  if (ignoredSignals.length === 0) return [];
  return ['', 'ignored signals:', ...ignoredSignals.map((text) => `  - ${clean(text)}`)];
}
