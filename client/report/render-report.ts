import pLimit from 'p-limit';
import type { Prices } from '../../config/prices.ts';
import { factsOf, spentOn } from './combination-facts.ts';
import { costInWords } from './cost.ts';
import { duration } from './duration.ts';
import { html, Html } from './html.ts';
import { embed, sideFor } from './picture.ts';
import { badge } from './render-answer.ts';
import { anchorOf, renderCounts, renderMedia } from './render-media.ts';
import { countStates, type MediaResults, overallVerdict, type ProjectResults } from './results.ts';
import { styles } from './styles.ts';
import { scrollTable } from './table.ts';

/** The bytes of an image as GoFlow serves it; undefined when it cannot be had. */
export type LoadImage = (results: MediaResults) => Promise<Buffer | undefined>;

/** Decoding needs a core and a large image 50 MB. */
const picturesAtOnce = 4;

/**
 * The report page of a project: one HTML text that needs nothing else, no network and no script. Whatever a model or
 * GoFlow wrote is escaped.
 *
 * @param loadImage where the pictures come from; boxes are pixels of the auto-oriented original
 * @param prices of tokens: without them no cost is shown
 */
export async function renderReport(results: ProjectResults, loadImage: LoadImage, prices?: Prices): Promise<string> {
  const { project, client, media } = results;
  const limit = pLimit(picturesAtOnce);
  const side = sideFor(media.length);
  const pictures = await Promise.all(
    media.map((item) =>
      limit(async () => {
        const bytes = await loadImage(item);
        return bytes && embed(bytes, side);
      }),
    ),
  );
  const layers = Array.from({ length: results.analyses.length }, (_, number) => number + 1);
  const toggles = layers.map((number) => `.figure:has(.toggle-${number}:not(:checked)) .boxes-${number}`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>${project.name} · GF-25 report</title>
        <style>
          ${new Html(styles)}${new Html(`${toggles.join(',\n')} { display: none; }`)}
        </style>
      </head>
      <body>
        <a class="skip" href="#images">Skip to the images</a>
        <header class="page">
          <p class="overline">GF-25 report · ${client.name}</p>
          <h1>${project.name}</h1>
          ${renderSummary(results, prices)}
        </header>
        <main>
          ${renderFindings(results)} ${renderFailures(results)}
          <section aria-labelledby="images">
            <h2 id="images">Images</h2>
            ${media.length > 1 ? renderContents(results) : undefined}
            ${media.map((item, index) => renderMedia(item, pictures[index], index))}
          </section>
        </main>
        <footer class="page quiet">Project ${project.id} · planned ${results.plannedAt}</footer>
      </body>
    </html> `.toString();
}

function renderSummary({ phase, waitingFor, media, analyses, report }: ProjectResults, prices?: Prices): Html {
  const combinations = media.flatMap((item) => item.combinations);
  const { accepted, failed, pending } = countStates(combinations);
  const repaired = combinations.filter(({ answer }) => overallVerdict(answer?.verdicts) === 'repaired').length;
  const { inferenceMs, promptTokens, outputTokens, cost } = spentOn(combinations.map((one) => factsOf(one, prices)));
  const tiles: readonly (readonly [string, string | number])[] = [
    ['images', media.length],
    ['analyses each', analyses.length],
    ['accepted', `${accepted} of ${combinations.length}`],
    ['failed', failed],
    ...(pending > 0 ? [['pending', pending] as const] : []),
    ['repaired by QA', repaired],
    ['inference', duration(inferenceMs)],
    ...(cost ? [[`cost of ${promptTokens + outputTokens} tokens`, costInWords(cost)] as const] : []),
  ];
  const sent =
    report && (report.isAccepted ? badge('passed', 'report accepted') : badge('pending', 'report not accepted yet'));
  return html`<p>${badge(badgeOfPhase(phase), phase)} ${sent}</p>
    ${waitingFor === undefined ? undefined : html`<p>Waits for ${waitingFor}</p>`}
    ${report && html`<p class="lead">${report.body.report.summary}</p>`}
    <dl class="tiles">
      ${tiles.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

const badgeOfPhase = (phase: ProjectResults['phase']) =>
  phase === 'done' ? 'passed' : phase === 'failed' || phase === 'cancelled' ? 'failed' : 'pending';

function renderFindings({ report }: ProjectResults): Html {
  const findings = report?.body.report.details.key_findings ?? [];
  if (findings.length === 0) return html``;
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Key findings</h2>
    <ul class="chips">
      ${findings.map((finding) => html`<li>${finding}</li>`)}
    </ul>
  </section>`;
}

function renderFailures({ media }: ProjectResults): Html {
  const rows = media.flatMap((item, index) =>
    item.combinations.flatMap(({ analysis, failure }) =>
      failure
        ? html`<tr>
            <td><a href="#${anchorOf(index)}">${item.media.filename}</a></td>
            <td>${analysis.name}</td>
            <td><code>${failure.code}</code></td>
            <td>${failure.message}</td>
          </tr>`
        : [],
    ),
  );
  if (rows.length === 0) return html``;
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures</h2>
    ${scrollTable({ labelledBy: 'failures' }, ['image', 'analysis', 'code', 'message'], rows, { isWide: true })}
  </section>`;
}

const renderContents = ({ media }: ProjectResults) =>
  html`<nav aria-label="Images">
    <ol class="contents">
      ${media.map(
        (item, index) => html`<li><a href="#${anchorOf(index)}">${item.media.filename}</a> ${renderCounts(item)}</li>`,
      )}
    </ol>
  </nav>`;
