import { type Command, Option } from '@commander-js/extra-typings';
import type { Word } from '../../../workflows/goflow/contracts/messages.ts';
import { toProjectId } from '../../operations/listed-project.ts';
import { speakToProject } from '../../operations/speak-to-project.ts';
import { speakToProjects } from '../../operations/speak-to-projects.ts';
import { answer, type Cli } from '../cli.ts';
import { type BulkOptions, doToMany, oneOrMany, refuseSelection, yesFlag } from '../bulk.ts';
import { addFilterOptions } from '../filter-options.ts';
import { examples, jsonFlag } from '../help.ts';
import { clean } from '../render/clean.ts';

/** The operator's words: `projects retry|accept|pause|resume|cancel`, to one project or to all that are selected. */
export function addWords(projects: Command, cli: Cli): void {
  const speak = (id: string | undefined, word: Word, input: object, options: BulkOptions) =>
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

async function speakToOne(cli: Cli, id: string, word: Word, input: object, { json, ...selection }: BulkOptions) {
  refuseSelection(word, selection);
  const say = () => cli.withTemporal((temporal) => speakToProject(temporal, { id, word, input }));
  const spoken = await cli.perform({ verb: `project.${word}`, projectId: toProjectId(id), input }, say);
  answer(cli, json ? { json } : {}, spoken, () => `project ${spoken.projectId}: ${clean(spoken.message)}`);
}

const speakToMany = (cli: Cli, word: Word, input: object, options: BulkOptions) =>
  doToMany(cli, word, input, options, (temporal, selection) =>
    speakToProjects(temporal, { ...selection, word, input }),
  );

const same = (example: string, word: Word, input: string) =>
  examples({ example, temporal: `workflow update execute -w project-ID --name ${word} --input '${input}'` });
