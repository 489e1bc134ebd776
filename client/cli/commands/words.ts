import { type Command, Option } from '@commander-js/extra-typings';
import type { Word } from '../../../workflows/goflow/contracts/messages.ts';
import { speakToProject } from '../../operations/speak-to-project.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, idArgument, jsonFlag } from '../help.ts';
import { clean } from '../render/clean.ts';

/** The operator's words: `projects retry|accept|pause|resume|cancel`. */
export function addWords(projects: Command, cli: Cli): void {
  const speak = async (id: string, word: Word, input: object, options: { readonly json?: true }) => {
    const spoken = await cli.withTemporal((temporal) => speakToProject(temporal, { id, word, input }));
    answer(cli, options, spoken, () => `project ${spoken.projectId}: ${clean(spoken.message)}`);
  };

  projects
    .command('retry')
    .description('Runs what failed again: all of it, or what the options select.')
    .argument(...idArgument)
    .option('--media <id>', 'only this image')
    .option('--analysis <id>', 'only this analysis')
    .addOption(new Option('--step <step>', 'send the stored report again').choices(['report'] as const))
    .option(...jsonFlag)
    .addHelpText('after', same('projects retry ID --media IMAGE', 'retry', '{"mediaId":"IMAGE"}'))
    .action((id, { media: mediaId, analysis: analysisId, step, ...options }) => {
      const given = Object.entries({ mediaId, analysisId, step }).filter(([, value]) => value !== undefined);
      return speak(id, 'retry', Object.fromEntries(given), options);
    });

  projects
    .command('accept')
    .description('Completes a holding project without what failed.')
    .argument(...idArgument)
    .requiredOption('--reason <text>', 'why; it stands in the report')
    .option(...jsonFlag)
    .addHelpText('after', same('projects accept ID --reason "one image is broken"', 'accept', '{"reason":"..."}'))
    .action((id, { reason, ...options }) => speak(id, 'accept', { reason }, options));

  projects
    .command('pause')
    .description('Starts nothing new; what runs ends and is reported.')
    .argument(...idArgument)
    .option(...jsonFlag)
    .addHelpText('after', same('projects pause ID', 'pause', '{}'))
    .action((id, options) => speak(id, 'pause', {}, options));

  projects
    .command('resume')
    .description('Goes on after a pause.')
    .argument(...idArgument)
    .option(...jsonFlag)
    .addHelpText('after', same('projects resume ID', 'resume', '{}'))
    .action((id, options) => speak(id, 'resume', {}, options));

  projects
    .command('cancel')
    .description('Ends a project now; nothing more is sent to GoFlow.')
    .argument(...idArgument)
    .requiredOption('--reason <text>', 'why')
    .option(...jsonFlag)
    .addHelpText('after', same('projects cancel ID --reason "wrong images"', 'cancel', '{"reason":"..."}'))
    .action((id, { reason, ...options }) => speak(id, 'cancel', { reason }, options));
}

const same = (example: string, word: Word, input: string) =>
  examples({ example, temporal: `workflow update execute -w project-ID --name ${word} --input '${input}'` });
