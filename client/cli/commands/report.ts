import { writeFile } from 'node:fs/promises';
import type { Command } from '@commander-js/extra-typings';
import { openReport } from '../../report/read-report.ts';
import { renderReport } from '../../report/render-report.ts';
import { toReportDocument } from '../../report/report-document.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, idArgument, jsonFlag } from '../help.ts';
import { clean } from '../render/clean.ts';

/** `projects report`: every answer of a project, as JSON or as a page. */
export function addReport(projects: Command, cli: Cli): void {
  projects
    .command('report')
    .description('Every answer of a project so far, with verdicts, hosts and attempts.')
    .argument(...idArgument)
    .option('--html <file>', 'write a page that needs nothing else; pictures are not in it')
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'projects report ID --html report.html',
        temporal: 'workflow show -w project-ID   # and of each of its images',
      }),
    )
    .action(async (id, { html, ...options }) => {
      const results = await cli.withTemporal(async (temporal) => (await openReport(temporal, { id })).read());
      const page = html === undefined ? undefined : await renderReport(results, async () => undefined);
      if (html !== undefined && page !== undefined) await writeFile(html, page);
      const document = toReportDocument(results);
      const { accepted, failed, pending } = document.counts;
      answer(cli, options, document, () =>
        [
          `${clean(results.client.name)} · ${clean(results.project.name)}: ${results.phase}`,
          `${accepted} accepted, ${failed} failed, ${pending} pending`,
          ...(document.report ? [clean(document.report.body.report.summary)] : []),
          ...(html === undefined ? [] : [`written: ${html}`]),
        ].join('\n'),
      );
    });
}
