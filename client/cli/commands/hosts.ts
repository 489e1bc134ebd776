import type { Command } from '@commander-js/extra-typings';
import { listHosts } from '../../operations/list-hosts.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, jsonFlag } from '../help.ts';
import { renderHosts } from '../render/hosts.ts';

/** `hosts`: the GPU hosts and what waits for them. */
export function addHosts(program: Command, cli: Cli): void {
  program
    .command('hosts')
    .description('GPU hosts: who is alive, how many images each holds, how many wait for room.')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'hosts',
        temporal: `worker list -q 'TaskQueue STARTS_WITH "goflow-gpu."'   # and: task-queue describe -t goflow-gpu`,
      }),
    )
    .action(async (options) => {
      const view = await cli.withTemporal(listHosts);
      answer(cli, options, view, () => renderHosts(view, cli.colours));
    });
}
