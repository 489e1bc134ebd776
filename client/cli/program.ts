import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from '@commander-js/extra-typings';
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
import { asEnvelope, exitCodes, inWords, judge } from './exit-codes.ts';
import { jsonFlag } from './help.ts';
import { spellOutHelp, throwUsageErrors, UsageError, wantsJson } from './usage.ts';

/**
 * Runs one verb. What it starts in Temporal goes on under its correlation id. With --json an error is one JSON object on
 * stderr: stdout holds answers and nothing else, so that nothing reads an error as one.
 *
 * @returns the exit code
 */
export async function run(args: readonly string[], cli: Cli): Promise<number> {
  const isJson = wantsJson(args);
  const correlationId = randomUUID();
  try {
    const program = buildProgram(cli, isJson ? () => undefined : cli.err);
    await withCorrelationId(correlationId, () => program.parseAsync(spellOutHelp(program, args), { from: 'user' }));
    return cli.exitCode;
  } catch (error) {
    // help, or the version, was asked for
    if (error instanceof CommanderError) return exitCodes.done;
    const verdict = judge(error);
    if (isJson) cli.err(asEnvelope(verdict, correlationId));
    else if (!(error instanceof UsageError && error.isShown)) cli.err(inWords(verdict));
    return verdict.exitCode;
  } finally {
    await cli.close();
  }
}

/**
 * Every verb; nothing is run yet.
 *
 * @param showHelp where the help of a command goes whose verb is missing
 */
export function buildProgram(cli: Cli, showHelp = cli.err) {
  const program = new Command('gf25')
    .description('Operates GF-25: projects, intake and GPU hosts, through Temporal.')
    .version(readVersion(), '--version')
    // what is wrong is said once, by who runs the program
    .configureOutput({ writeOut: cli.out, writeErr: showHelp, outputError: () => undefined })
    .addHelpText(
      'after',
      `
Temporal is found as the \`temporal\` CLI finds it: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, ...
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 Temporal unreachable. With --json an error is one JSON object on stderr.
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
  throwUsageErrors(program);
  return program;
}
