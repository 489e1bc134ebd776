import type { Command } from '@commander-js/extra-typings';
import { pauseIntake } from '../../operations/pause-intake.ts';
import { pollIntake } from '../../operations/poll-intake.ts';
import { resumeIntake } from '../../operations/resume-intake.ts';
import { showIntake } from '../../operations/show-intake.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, jsonFlag } from '../help.ts';
import { renderIntake } from '../render/intake.ts';

/** `intake show|pause|resume|poll`: the schedule that asks GoFlow for jobs. */
export function addIntake(program: Command, cli: Cli): void {
  const intake = program.command('intake').description('See and steer how jobs are taken from GoFlow.');

  intake
    .command('show')
    .description('Whether jobs are taken, and how the last poll went.')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({ example: 'intake show', temporal: 'schedule describe --schedule-id goflow-intake' }),
    )
    .action(async (options) => {
      const view = await cli.withTemporal(showIntake);
      answer(cli, options, view, () => renderIntake(view));
    });

  intake
    .command('pause')
    .description('Takes no more jobs; running projects go on.')
    .option('--note <text>', 'for whoever looks at the schedule', 'paused with gf25 intake pause')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'intake pause --note "GoFlow is being moved"',
        temporal: 'schedule toggle --schedule-id goflow-intake --pause --reason "GoFlow is being moved"',
      }),
    )
    .action(async ({ note, ...options }) => {
      const pause = () => cli.withTemporal((temporal) => pauseIntake(temporal, { note }));
      const done = await cli.perform({ verb: 'intake.pause', input: { note } }, pause);
      answer(cli, options, done, () => done.message);
    });

  intake
    .command('resume')
    .description('Takes jobs again, at once.')
    .option('--note <text>', 'for whoever looks at the schedule', 'resumed with gf25 intake resume')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'intake resume',
        temporal: 'schedule toggle --schedule-id goflow-intake --unpause --reason done   # then: schedule trigger',
      }),
    )
    .action(async ({ note, ...options }) => {
      const resume = () => cli.withTemporal((temporal) => resumeIntake(temporal, { note }));
      const done = await cli.perform({ verb: 'intake.resume', input: { note } }, resume);
      answer(cli, options, done, () => done.message);
    });

  intake
    .command('poll')
    .description('Asks GoFlow for a job now, unless a run is asking already.')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'intake poll',
        temporal: 'schedule trigger --schedule-id goflow-intake --overlap-policy Skip',
      }),
    )
    .action(async (options) => {
      const done = await cli.perform({ verb: 'intake.poll' }, () => cli.withTemporal(pollIntake));
      answer(cli, options, done, () => done.message);
    });
}
