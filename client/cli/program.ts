import { randomUUID } from 'node:crypto';
import { Command } from '@commander-js/extra-typings';
import { withCorrelationId } from '../../config/correlation.ts';
import { readVersion } from '../../config/version.ts';
import '../../config/zod-messages.ts';
import type { Cli } from './cli.ts';
import { addAudit } from './commands/audit.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addHosts } from './commands/hosts.ts';
import { addIntake } from './commands/intake.ts';
import { addProjects } from './commands/projects.ts';
import { addReport } from './commands/report.ts';
import { addRerun } from './commands/rerun.ts';
import { addSubmit } from './commands/submit.ts';
import { addWords } from './commands/words.ts';
import { judge } from './exit-codes.ts';
import { jsonFlag } from './help.ts';

/** Runs one verb. What it starts in Temporal goes on under its correlation id. @returns the exit code */
export async function run(args: readonly string[], cli: Cli): Promise<number> {
  try {
    await withCorrelationId(randomUUID(), () => buildProgram(cli).parseAsync(args, { from: 'user' }));
    return cli.exitCode;
  } catch (error) {
    const { exitCode, lines } = judge(error);
    for (const line of lines) cli.err(`${line}\n`);
    return exitCode;
  } finally {
    await cli.close();
  }
}

/** Every verb; nothing is run yet. */
export function buildProgram(cli: Cli) {
  const program = new Command('gf25')
    .description('Operates GF-25: projects, intake and GPU hosts, through Temporal.')
    .version(readVersion(), '--version')
    .exitOverride()
    .configureOutput({ writeOut: cli.out, writeErr: cli.err })
    .showHelpAfterError('See --help.')
    .addHelpText(
      'after',
      `
Temporal is found as the \`temporal\` CLI finds it: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, ...
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 Temporal unreachable.
From a checkout: npm run -s gf25 -- VERB (without -s, npm writes a line of its own before --json).`,
    );
  // it may stand in front of a verb, too, where only the program itself sees it
  program.option(...jsonFlag).hook('preAction', (_, verb) => {
    if (program.getOptionValue('json') === true) verb.setOptionValue('json', true);
  });
  const projects = program.command('projects').description('See and steer projects.');
  addProjects(projects, cli);
  addDiagnose(projects, cli);
  addWords(projects, cli);
  addRerun(projects, cli);
  addReport(projects, cli);
  addIntake(program, cli);
  addSubmit(program, cli);
  addConfig(program, cli);
  addHosts(program, cli);
  addAudit(program, cli);
  addCompletion(program, cli);
  return program;
}
