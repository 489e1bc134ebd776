import type { Command } from '@commander-js/extra-typings';
import { checkConfig } from '../../operations/check-config.ts';
import { answer, type Cli } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { examples, jsonFlag } from '../help.ts';
import { renderConfig } from '../render/config.ts';

/** `config check`: what a process would say at its start. */
export function addConfig(program: Command, cli: Cli): void {
  program
    .command('config')
    .description('Look after the configuration.')
    .command('check')
    .description('Reads environment, YAML and prompts: their hash and definitions, or every fault. Exit 1 on a fault.')
    .option(...jsonFlag)
    .addHelpText('after', examples({ example: 'config check', temporal: undefined }))
    .action((options) => {
      const report = checkConfig();
      answer(cli, options, report, () => renderConfig(report, cli.colours));
      if (!report.valid) cli.exitCode = exitCodes.failed;
    });
}
