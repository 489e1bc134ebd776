import type { Diagnosis, Severity } from '../../operations/diagnosis/finding.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { phasePainter } from './phase.ts';

/** Finding by finding: what it is, and below it what helps. */
export function renderDiagnosis({ workflowId, phase, findings }: Diagnosis, colours: Colours): string {
  const paint: Record<Severity, (text: string) => string> = {
    error: colours.red,
    warning: colours.yellow,
    info: colours.green,
  };
  const head = `${workflowId}${phase === undefined ? '' : `: ${phasePainter(colours)(phase)}`}`;
  const blocks = findings.map(({ severity, message, commands }) =>
    [
      `${paint[severity](severity.padEnd(7))} ${clean(message)}`,
      ...commands.map((line) => `          $ ${clean(line)}`),
    ].join('\n'),
  );
  return [head, ...blocks].join('\n');
}
