import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings';
import { type Phase, phases } from '../../workflows/goflow/contracts/progress.ts';
import type { ProjectFilter } from '../operations/project-filter.ts';

export interface FilterOptions {
  readonly open?: true | undefined;
  readonly phase?: readonly Phase[] | undefined;
  readonly client?: string | undefined;
  readonly text?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly failed?: true | undefined;
}

// choices: for help and completion; it is the parser that collects them
const phaseOption = new Option('--phase <phase>', 'only those in this phase; may be given again')
  .choices(phases)
  .argParser(addPhase);

/** Options that select projects: the same for a list and for a word to many. */
export function addFilterOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
): Command<Args, Options & FilterOptions> {
  command
    .option('--open', 'only those that are not over')
    .addOption(phaseOption)
    .option('--client <slug>', 'only those of this client')
    .option('--text <text>', 'only those whose id, slug, name or client begins with it')
    .option('--since <time>', 'only those that started then or later (2026-11-21T16:00Z)', toTime)
    .option('--until <time>', 'only those that started before', toTime)
    .option('--failed', 'only those with failed combinations');
  return command;
}

export const filterOf = ({ open, phase, client, text, since, until, failed }: FilterOptions): ProjectFilter => ({
  ...{ open, phases: phase, client, text, since, until, failed },
});

function addPhase(text: string, before: readonly Phase[] = []): Phase[] {
  const phase = phases.find((name) => name === text);
  if (phase === undefined) throw new InvalidArgumentError(`Allowed choices are ${phases.join(', ')}.`);
  return [...before, phase];
}

function toTime(text: string): string {
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('a time is expected, such as 2026-11-21T16:00Z.');
  return new Date(text).toISOString();
}
