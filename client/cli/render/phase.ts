import type { Phase } from '../../../workflows/goflow/contracts/progress.ts';
import type { Colours } from '../cli.ts';

/** What needs a person is yellow, what has gone wrong red, what is done green. */
export function phasePainter(colours: Colours): (cell: string) => string {
  const painters: Partial<Record<Phase, (cell: string) => string>> = {
    holding: colours.yellow,
    paused: colours.yellow,
    'waiting-for-goflow': colours.yellow,
    failed: colours.red,
    cancelled: colours.red,
    done: colours.green,
  };
  return (cell) => painters[cell.trim() as Phase]?.(cell) ?? cell;
}
