import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { Temporal } from '../../operations/ask-temporal.ts';
import { listProjects } from '../../operations/list-projects.ts';
import { type ProjectView, showProject } from '../../operations/show-project.ts';
import { watchProject } from '../../operations/watch-project.ts';
import { readCombinations } from '../../report/read-combinations.ts';
import { answer, type Cli, tidyOnInterrupt } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { addFilterOptions, filterOf } from '../filter-options.ts';
import { examples, idArgument, jsonFlag } from '../help.ts';
import { readPrices } from '../read-prices.ts';
import { renderCombinations } from '../render/combinations.ts';
import { endOf, renderProject } from '../render/project.ts';
import { createProgressLines } from '../render/progress-lines.ts';
import { renderProjects } from '../render/projects.ts';

/** The verbs that look at projects. */
export function addProjects(projects: Command, cli: Cli): void {
  addList(projects, cli);
  addShow(projects, cli);
  addWatch(projects, cli);
}

function addList(projects: Command, cli: Cli): void {
  const list = projects
    .command('list')
    .description('Projects, open ones first.')
    .option('--limit <n>', 'at most so many', toCount, 50)
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'projects list --phase holding --client acme',
        temporal: `workflow list -q 'WorkflowType="goflowProject" AND Gf25Phase="holding"'`,
      }),
    );
  addFilterOptions(list).action(async ({ json, limit, ...options }) => {
    const filter = { ...filterOf(options), limit };
    const rows = await cli.withTemporal((temporal) => listProjects(temporal, filter));
    answer(cli, { ...(json && { json }) }, rows, () => renderProjects(rows, cli.colours));
  });
}

function addShow(projects: Command, cli: Cli): void {
  projects
    .command('show')
    .description('Where a project stands, image by image, what failed, and how it ended.')
    .argument(...idArgument)
    .option('--combinations', 'also each image and analysis: verdict, host, model, attempts, times, tokens')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({ example: 'projects show ID', temporal: 'workflow query -w project-ID --name progress' }),
    )
    .action(async (id, { combinations: isDetailed, ...options }) => {
      const [view, details] = await cli.withTemporal(async (temporal) =>
        Promise.all([
          showProject(temporal, { id }),
          isDetailed && readCombinations(temporal, { id, prices: readPrices() }),
        ]),
      );
      answer(cli, options, { ...view, ...details }, () =>
        [renderProject(view, cli.colours), ...(details ? ['', renderCombinations(details, cli.colours)] : [])].join(
          '\n',
        ),
      );
    });
}

function addWatch(projects: Command, cli: Cli): void {
  projects
    .command('watch')
    .description('Follows a project until it is over: exit 0 when it is done, 1 when it failed or was cancelled.')
    .argument(...idArgument)
    .option('--json', 'one line of JSON per change, each as `show` answers it')
    .addHelpText(
      'after',
      examples({
        example: 'projects watch ID',
        temporal: 'workflow query -w project-ID --name progress   # again and again',
      }),
    )
    .action(async (id, { json }) => {
      const lines = createProgressLines(cli);
      let last: ProjectView | undefined;
      const endLine = () => {
        if (!json) lines.end();
      };
      const follow = async (temporal: Temporal) => {
        for await (const view of watchProject(temporal, { id })) {
          last = view;
          if (json) cli.out(`${JSON.stringify(view)}\n`);
          else lines.show(view);
        }
      };
      await tidyOnInterrupt(endLine, () => cli.withTemporal(follow));
      endLine();
      const end = last && endOf(last);
      if (!end || end.good) return;
      // whoever reads JSON has it in the last line
      if (!json) cli.err(`${end.text}\nSee what was done: gf25 projects show ${id}\n`);
      cli.exitCode = exitCodes.failed;
    });
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a number from 1 on is expected.');
  return count;
}
