import { readFile } from 'node:fs/promises';
import type { Command } from '@commander-js/extra-typings';
import { describeJob } from '../../audit/describe-job.ts';
import { InvalidInputError } from '../../operations/errors.ts';
import { submitJob } from '../../operations/submit-job.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, jsonFlag, startByHand } from '../help.ts';
import { renderStarted } from '../render/started.ts';

/** `submit FILE.json`: a job from a file instead of from GoFlow's queue. */
export function addSubmit(program: Command, cli: Cli): void {
  program
    .command('submit')
    .description("Runs a job from a file. Results go to GoFlow as usual; GoFlow's queue is not asked.")
    .argument('<file>', 'JSON in the shape of what GoFlow hands out (E1); - reads it from stdin')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'submit job.json',
        temporal: startByHand('AllowDuplicateFailedOnly', 0),
      }),
    )
    .action(async (file, options) => {
      const job = await readJson(cli, file);
      const submit = () => cli.withTemporal((temporal) => submitJob(temporal, { job }));
      const started = await cli.perform(describeJob(job), submit);
      answer(cli, options, started, () => renderStarted(started));
    });
}

async function readJson(cli: Cli, file: string): Promise<unknown> {
  const isStdin = file === '-';
  try {
    return JSON.parse(isStdin ? await cli.input() : await readFile(file, 'utf8'));
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(
      `${isStdin ? 'stdin' : file} cannot be read`,
      [fault],
      'Give a file that holds one JSON document in the shape of what GoFlow hands out: see gf25 submit --help',
    );
  }
}
