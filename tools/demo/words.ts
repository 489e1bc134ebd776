import { duration } from '../../client/report/duration.ts';
import { oneLine } from '../../client/report/short-answer.ts';
import type { GoflowStandIn } from '../../test/stand-ins/goflow/stand-in.ts';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import type { Site } from './site.ts';
import type { Ending } from './watch.ts';

/** How to speak to a project of this site by hand. */
export function commandsFor({ temporal }: Site, projectId: string) {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace } = temporal;
  const where = `--address ${address}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;
  const variables = `TEMPORAL_ADDRESS=${address}${namespace === undefined ? '' : ` TEMPORAL_NAMESPACE=${namespace}`}`;
  const id = projectWorkflowId(projectId);
  return {
    list: `temporal workflow list ${where}`,
    show: `temporal workflow show ${where} --workflow-id ${id}`,
    say: (word: string, input: string) =>
      `temporal workflow signal ${where} --workflow-id ${id} --name ${word} --input '${input}'`,
    gf25: `${variables} npm run gf25 -- projects show ${projectId}`,
  };
}

/** Why the report was not accepted, in words; nothing when it was. */
export function faultOf(site: Site, projectId: string, ending: Ending): string[] {
  switch (ending.kind) {
    case 'ended':
      return [oneLine(`The project ended without a report: ${ending.reason}`)];
    case 'holding':
      return holdingLines(ending.progress, commandsFor(site, projectId));
    case 'completed': {
      const violations = site.goflow.violations();
      if (violations.length > 0)
        return ['GoFlow saw what it must never see:', ...violations.map((text) => `  ${text}`)];
      const isReported = site.goflow.project(projectId)?.reported === true;
      return isReported ? [] : ['The project has completed, but GoFlow has no report.'];
    }
  }
}

const mostFailures = 10;

function holdingLines({ waitingFor, failures, totals }: Progress, commands: ReturnType<typeof commandsFor>): string[] {
  const ofReport = '{"step":"report"}';
  const input = waitingFor?.includes(ofReport) === true ? ofReport : '{}';
  const shown = failures.slice(0, mostFailures);
  const more = totals.failed - shown.length;
  return [
    oneLine(`The project holds: it waits for ${waitingFor ?? 'an operator'}`),
    ...shown.map(
      ({ code, mediaId, analysisId, message }) => `  ${code} in ${mediaId}/${analysisId}: ${oneLine(message)}`,
    ),
    ...(more > 0 ? [`  ... and ${more} more`] : []),
    'What an operator would say, while this command stays up (--keep):',
    `  ${commands.say('retry', input)}`,
    ...(totals.failed > 0 ? [`  ${commands.say('accept', '{"reason":"good enough"}')}`] : []),
  ];
}

/** How long it took by GoFlow's clock, from the hand-out of the job. */
export function timeLine(goflow: GoflowStandIn, projectId: string, combinations: number): string {
  const calls = goflow.calls().filter((call) => call.projectId === projectId && call.committed);
  const at = (endpoint: string) => calls.find((call) => call.endpoint === endpoint)?.monotonicMs;
  const after = (ms: number | undefined) =>
    ms === undefined ? 'never came' : `after ${duration(ms - (at('E1') ?? ms))}`;
  return `${combinations} combinations: report ${after(at('E4'))}, first result ${after(at('E3'))} (from the hand-out of the job)`;
}
