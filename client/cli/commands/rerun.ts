import type { Command } from '@commander-js/extra-typings';
import { toProjectId } from '../../operations/listed-project.ts';
import { rerunProject } from '../../operations/rerun-project.ts';
import { rerunProjects } from '../../operations/rerun-projects.ts';
import { type BulkOptions, doToMany, oneOrMany, refuseSelection, yesFlag } from '../bulk.ts';
import { answer, type Cli } from '../cli.ts';
import { addFilterOptions } from '../filter-options.ts';
import { examples, jsonFlag, startByHand } from '../help.ts';
import { renderStarted } from '../render/started.ts';

/** `projects rerun`: starts one that is over again, or all that are selected. */
export function addRerun(projects: Command, cli: Cli): void {
  const rerun = projects
    .command('rerun')
    .description('Runs a project that is over again, with the job of its last run.')
    .argument(...oneOrMany)
    .option('--force', 'also one that has completed: GoFlow gets everything again, under new keys (":rerun-<n>")')
    .option(...yesFlag)
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({ example: 'projects rerun --phase failed --yes', temporal: startByHand('AllowDuplicate', 1) }),
    );
  addFilterOptions(rerun).action((id, { force = false, ...options }) => {
    if (id !== undefined) return rerunOne(cli, id, force, options);
    return doToMany(cli, 'rerun', { force }, options, (temporal, selection) =>
      rerunProjects(temporal, { ...selection, force }),
    );
  });
}

async function rerunOne(cli: Cli, id: string, force: boolean, { json, ...selection }: BulkOptions): Promise<void> {
  refuseSelection('rerun', selection);
  const action = { verb: 'project.rerun', projectId: toProjectId(id), input: { force } } as const;
  const started = await cli.perform(action, () =>
    cli.withTemporal((temporal) => rerunProject(temporal, { id, force })),
  );
  answer(cli, json ? { json } : {}, started, () => renderStarted(started));
}
