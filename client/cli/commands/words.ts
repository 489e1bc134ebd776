import { type Command, Option } from '@commander-js/extra-typings';
import type { Word } from '../../../workflows/goflow/contracts/messages.ts';
import { toProjectId } from '../../operations/describe-project.ts';
import { InvalidInputError } from '../../operations/errors.ts';
import { type Reply, speakToProject } from '../../operations/speak-to-project.ts';
import { speakToProjects } from '../../operations/speak-to-projects.ts';
import { answer, type Cli } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { addFilterOptions, filterOf, type FilterOptions } from '../filter-options.ts';
import { examples, jsonFlag } from '../help.ts';
import { clean } from '../render/clean.ts';
import { renderBulk } from '../render/bulk.ts';

const oneOrMany = ['[id]', 'id of the project or of its workflow; without it, the options select projects'] as const;
const yesFlag = [
  '--yes',
  'say it to all that are selected; without it they are only shown, with their answers',
] as const;
/** Whoever means more at once narrows the selection. */
const maxProjects = 1_000;

interface Options extends FilterOptions {
  readonly yes?: true | undefined;
  readonly json?: true;
}

/** The operator's words: `projects retry|accept|pause|resume|cancel`, to one project or to all that are selected. */
export function addWords(projects: Command, cli: Cli): void {
  const speak = (id: string | undefined, word: Word, input: object, options: Options) =>
    id === undefined ? speakToMany(cli, word, input, options) : speakToOne(cli, id, word, input, options);

  const retry = projects
    .command('retry')
    .description('Runs what failed again: all of it, or what the options select.')
    .argument(...oneOrMany)
    .option('--media <id>', 'only this image')
    .option('--analysis <id>', 'only this analysis')
    .addOption(new Option('--step <step>', 'send the stored report again').choices(['report'] as const))
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText('after', same('projects retry ID --media IMAGE', 'retry', '{"mediaId":"IMAGE"}'));
  addFilterOptions(retry).action((id, { media: mediaId, analysis: analysisId, step, ...options }) => {
    const given = Object.entries({ mediaId, analysisId, step }).filter(([, value]) => value !== undefined);
    return speak(id, 'retry', Object.fromEntries(given), options);
  });

  const accept = projects
    .command('accept')
    .description('Completes a holding project without what failed.')
    .argument(...oneOrMany)
    .requiredOption('--reason <text>', 'why; it stands in the report')
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText('after', same('projects accept ID --reason "one image is broken"', 'accept', '{"reason":"..."}'));
  addFilterOptions(accept).action((id, { reason, ...options }) => speak(id, 'accept', { reason }, options));

  const pause = projects
    .command('pause')
    .description('Starts nothing new; what runs ends and is reported.')
    .argument(...oneOrMany)
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText('after', same('projects pause ID', 'pause', '{}'));
  addFilterOptions(pause).action((id, options) => speak(id, 'pause', {}, options));

  const resume = projects
    .command('resume')
    .description('Goes on after a pause.')
    .argument(...oneOrMany)
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText('after', same('projects resume --phase paused --yes', 'resume', '{}'));
  addFilterOptions(resume).action((id, options) => speak(id, 'resume', {}, options));

  const cancel = projects
    .command('cancel')
    .description('Ends a project now; nothing more is sent to GoFlow.')
    .argument(...oneOrMany)
    .requiredOption('--reason <text>', 'why')
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText('after', same('projects cancel ID --reason "wrong images"', 'cancel', '{"reason":"..."}'));
  addFilterOptions(cancel).action((id, { reason, ...options }) => speak(id, 'cancel', { reason }, options));
}

async function speakToOne(cli: Cli, id: string, word: Word, input: object, { json, ...options }: Options) {
  if (Object.values(options).some((value) => value !== undefined))
    throw new InvalidInputError(
      `${word} is said either to one project or to those that are selected`,
      ['both an id and a selection are given'],
      'Leave one of them out.',
    );
  const say = () => cli.withTemporal((temporal) => speakToProject(temporal, { id, word, input }));
  const spoken = await cli.perform({ verb: `project.${word}`, projectId: toProjectId(id), input }, say);
  answer(cli, json ? { json } : {}, spoken, () => `project ${spoken.projectId}: ${clean(spoken.message)}`);
}

async function speakToMany(cli: Cli, word: Word, input: object, { json, yes, ...options }: Options) {
  const verb = `project.${word}` as const;
  const filter = filterOf(options);
  const perform = (projectId: string, say: () => Promise<Reply>) => cli.perform({ verb, projectId, input }, say);
  const speech = { word, input, filter, dryRun: !yes, maxProjects, perform };
  const speak = () => cli.withTemporal((temporal) => speakToProjects(temporal, speech));
  const reply = yes ? await cli.perform({ verb, filter, input }, speak) : await speak();
  answer(cli, json ? { json } : {}, reply, () => renderBulk(reply, cli.colours));
  // a preview has no bad news
  if (reply.projects.some(({ outcome }) => yes && outcome !== 'done')) cli.exitCode = exitCodes.failed;
}

const same = (example: string, word: Word, input: string) =>
  examples({ example, temporal: `workflow update execute -w project-ID --name ${word} --input '${input}'` });
