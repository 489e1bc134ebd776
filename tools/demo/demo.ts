import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectResults } from '../../client/report/collect-results.ts';
import { renderReport } from '../../client/report/render-report.ts';
import type { MediaResults } from '../../client/report/results.ts';
import { oneLine } from '../../client/report/short-answer.ts';
import { liveLine, plainLine } from './progress.ts';
import type { Screen } from './screen.ts';
import { type Setting, type Site, startApi, startSite } from './site.ts';
import { resultTable } from './table.ts';
import { watchProject } from './watch.ts';
import { commandsFor, faultOf, timeLine } from './words.ts';

/** Runs the job from GoFlow's queue to its end, and resolves with the exit code once everything is said. */
export async function runDemo(setting: Setting, screen: Screen): Promise<number> {
  const { job, options } = setting;
  const site = await startSite(setting);
  const watching = watchProject(site, job, (snapshot) =>
    screen.live({ live: liveLine(snapshot, screen.width, screen.colours), plain: plainLine(snapshot) }),
  );
  const [ending] = await Promise.all([watching, startApi(setting, site)]);
  screen.settle();

  if (ending.kind !== 'ended') await showResults(setting, site, screen);
  const fault = faultOf(site, job.project.id, ending);
  for (const line of fault) screen.line(screen.colours.red(line));
  for (const line of options.keep ? lookAround(setting, site) : hint(site)) screen.line(line);
  return fault.length === 0 ? 0 : 1;
}

async function showResults({ job, folder }: Setting, site: Site, screen: Screen): Promise<void> {
  const results = await collectResults(site.client, job.project.id);
  const page = join(folder, 'report.html');
  await writeFile(page, await renderReport(results, (media) => loadImage(site, media)));
  for (const line of ['', ...resultTable(results, screen.colours), '']) screen.line(line);
  screen.line(timeLine(site.goflow, job.project.id, job.media.length * job.analyses.length));
  const report = results.report?.body.report;
  if (report) screen.line(`report         ${oneLine(report.summary)}`);
  screen.line(`page           ${page}`);
}

/** As GoFlow serves it: photographs and drawn pictures alike. */
async function loadImage({ goflow }: Site, { media, image }: MediaResults): Promise<Buffer | undefined> {
  const path = image?.variant === 'greyscale' ? media.greyscale_path : media.optimised_path;
  const answer = await fetch(new URL(path, goflow.url));
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

function lookAround({ job, folder }: Setting, site: Site): string[] {
  const commands = commandsFor(site, job.project.id);
  return [
    '',
    'Everything stays up until Ctrl-C. To look around:',
    ...(site.uiUrl === undefined ? [] : [`  ${site.uiUrl}`]),
    `  ${commands.list}`,
    `  ${commands.show}`,
    `  ${commands.gf25}`,
    `  logs: ${join(folder, 'logs')}`,
  ];
}

const hint = ({ uiUrl }: Site) => (uiUrl === undefined ? [] : ['(--keep leaves the Web UI and everything else up)']);
