import type { Command } from '@commander-js/extra-typings';
import { diagnoseProject } from '../../operations/diagnose-project.ts';
import { answer, type Cli } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { examples, idArgument, jsonFlag } from '../help.ts';
import { renderDiagnosis } from '../render/diagnosis.ts';

/** `projects diagnose`: what a project waits for, and what helps. */
export function addDiagnose(projects: Command, cli: Cli): void {
  projects
    .command('diagnose')
    .description('What a project waits for, and the commands that help. Exit 1 where it does not go on by itself.')
    .argument(...idArgument)
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'projects diagnose ID',
        temporal:
          'workflow describe -w project-ID   # pending activities; and: task-queue describe --task-queue goflow',
      }),
    )
    .action(async (id, options) => {
      const diagnosis = await cli.withTemporal((temporal) => diagnoseProject(temporal, { id }));
      answer(cli, options, diagnosis, () => renderDiagnosis(diagnosis, cli.colours));
      if (diagnosis.findings.some(({ severity }) => severity === 'error')) cli.exitCode = exitCodes.failed;
    });
}
