import type { ProjectView } from '../../operations/show-project.ts';
import type { Cli } from '../cli.ts';
import { bar } from './bar.ts';
import { clean } from './clean.ts';

/** A line per change; in a terminal, changes within one phase overwrite their line. */
export function createProgressLines({ out, columns }: Pick<Cli, 'out' | 'columns'>) {
  let phase: string | undefined;
  return {
    show(view: ProjectView): void {
      const line = progressLine(view);
      const isNewLine = phase !== undefined && view.project.phase !== phase;
      phase = view.project.phase;
      if (columns === undefined) out(`${line}\n`);
      // cut, since a line that wraps cannot be overwritten
      else out(`${isNewLine ? '\n' : '\r\x1b[2K'}${line.slice(0, columns - 1)}`);
    },
    end(): void {
      if (columns !== undefined && phase !== undefined) out('\n');
    },
  };
}

function progressLine({ project, progress, progressUnavailable }: ProjectView): string {
  const phase = (project.phase ?? project.status.toLowerCase()).padEnd(18);
  if (!progress) return `${phase} ${clean(progressUnavailable ?? '')}`;
  const waits = progress.waitingFor === undefined ? '' : ` · waits for ${clean(progress.waitingFor)}`;
  return `${phase} ${bar(progress.totals)}${waits}`;
}
