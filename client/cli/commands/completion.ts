import { Argument, type Command } from '@commander-js/extra-typings';
import { answer, type Cli } from '../cli.ts';
import { completionScript, shells } from '../completion/scripts.ts';
import { treeOf } from '../completion/tree.ts';
import { examples, jsonFlag } from '../help.ts';

/** `completion bash|zsh|fish`: prints a script for the shell. */
export function addCompletion(program: Command, cli: Cli): void {
  program
    .command('completion')
    .description('Prints a script with which a shell completes verbs, options and their values.')
    .addArgument(new Argument('<shell>', 'whose script').choices(shells))
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example:
          'completion bash   # in ~/.bashrc: source <(gf25 completion bash); fish: gf25 completion fish | source',
        temporal: 'completion bash',
      }),
    )
    .action((shell, options) => {
      const script = completionScript(shell, treeOf(program));
      answer(cli, options, { shell, script }, () => script);
    });
}
