import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { stateFolder } from '../../../config/environment.ts';
import { makeFolder } from '../../../config/make-folder.ts';
import type { Prices } from '../../../config/prices.ts';
import { cachedImages } from '../../report/cached-images.ts';
import { costInWords } from '../../report/cost.ts';
import { openReport } from '../../report/read-report.ts';
import { renderReport } from '../../report/render-report.ts';
import { toReportDocument } from '../../report/report-document.ts';
import type { ProjectResults } from '../../report/results.ts';
import { RefusedError } from '../../operations/errors.ts';
import { answer, type Cli } from '../cli.ts';
import { examples, idArgument, jsonFlag } from '../help.ts';
import { readPrices } from '../read-prices.ts';
import { clean } from '../render/clean.ts';

/** `projects report`: every answer of a project, as JSON or as a page. */
export function addReport(projects: Command, cli: Cli): void {
  projects
    .command('report')
    .description('Every answer of a project so far, with verdicts, hosts and attempts.')
    .argument(...idArgument)
    .option(
      '--out <dir>',
      'write a page that needs nothing else into this folder, as index.html; its pictures come from the image cache in GF25_STATE_DIR',
    )
    .option(...jsonFlag)
    .addHelpText(
      'after',
      examples({
        example: 'projects report ID --out report',
        temporal: 'workflow show -w project-ID   # and of each of its images',
      }),
    )
    .action(async (id, { out, ...options }) => {
      const results = await cli.withTemporal(async (temporal) => (await openReport(temporal, { id })).read());
      const prices = readPrices();
      const page = out === undefined ? undefined : await writePage(out, results, prices);
      const document = toReportDocument(results, prices);
      const { cost } = document.spent;
      const { accepted, failed, pending } = document.counts;
      answer(cli, options, document, () =>
        [
          `${clean(results.client.name)} · ${clean(results.project.name)}: ${results.phase}`,
          ...(results.waitingFor === undefined ? [] : [`waits for ${clean(results.waitingFor)}`]),
          `${accepted} accepted, ${failed} failed, ${pending} pending${cost ? `, ${costInWords(cost)}` : ''}`,
          ...(document.report ? [clean(document.report.body.report.summary)] : []),
          ...(page === undefined ? [] : [`written: ${page}`]),
        ].join('\n'),
      );
    });
}

async function writePage(folder: string, results: ProjectResults, prices: Prices | undefined): Promise<string> {
  const page = join(folder, 'index.html');
  const html = await renderReport(results, cachedImages(stateFolder()), prices);
  try {
    await makeFolder(folder);
    await writeFile(page, html);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new RefusedError(`${page} cannot be written: ${fault}`, 'Give a folder that you may write to, or a new one.');
  }
  return page;
}
