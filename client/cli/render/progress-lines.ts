import type { Progress } from '../../../workflows/goflow/contracts/progress.ts';
import { Pace, paceInWords } from '../../../workflows/shared/pace.ts';
import type { ProjectView } from '../../operations/show-project.ts';
import type { Cli } from '../cli.ts';
import { bar } from './bar.ts';
import { clean } from './clean.ts';

/** A line per change, with rate and time left once they are known; in a terminal, changes within one phase overwrite their line. */
export function createProgressLines({ out, columns }: Pick<Cli, 'out' | 'columns'>, nowMs: () => number = Date.now) {
  const pace = new Pace();
  let phase: string | undefined;
  return {
    show(view: ProjectView): void {
      const { totals } = view.progress ?? {};
      if (totals) pace.note(nowMs(), totals.done + totals.failed);
      const line = progressLine(view, pace.perMinute());
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

function progressLine({ project, progress, progressUnavailable }: ProjectView, perMinute?: number): string {
  const phase = (project.phase ?? project.status.toLowerCase()).padEnd(18);
  if (!progress) return `${phase} ${clean(progressUnavailable ?? '')}`;
  const waits = progress.waitingFor === undefined ? '' : ` · waits for ${clean(progress.waitingFor)}`;
  const speed = progress.phase === 'processing' && perMinute !== undefined ? speedOf(progress.totals, perMinute) : '';
  return `${phase} ${bar(progress.totals)}${speed}${waits}`;
}

const speedOf = ({ combinations, done, failed }: Progress['totals'], perMinute: number) =>
  ['', ...paceInWords(combinations - done - failed, perMinute)].join(' · ');
