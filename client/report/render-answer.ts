import { duration } from './duration.ts';
import { html, type Html } from './html.ts';
import { isColour, renderValue, swatch } from './render-value.ts';
import { type CombinationResult, overallVerdict, qaLines } from './results.ts';
import { shortAnswer, shortened } from './short-answer.ts';
import { qaStages } from '../../workflows/goflow/contracts/qa-stages.ts';

const summaryLength = 320;

/** One combination: its answer in a few words, and behind them everything that is known of it. */
export function renderAnswer(combination: CombinationResult): Html {
  const { analysis, answer, failure } = combination;
  const made = answer?.provenance;
  return html`<details class="answer">
    <summary>
      <span class="name">${analysis.name}</span
      ><span class="took">${made && duration(made.inferenceMs)}</span>${badgeOf(combination)}
      <span class="short">${shortOf(combination)}</span>${repairOf(combination)}
    </summary>
    <div class="inside">
      ${failure && html`<p class="failure"><strong>${failure.code}</strong> ${failure.message}</p>`}
      ${answer && html`${renderValue(answer.stored.analysisResult)}${renderQa(combination)}${renderProvenance(combination)}${renderPrompt(answer.stored.userPromptUsed)}`}
    </div>
  </details>`;
}

export const badge = (kind: string, text = kind) => html`<span class="badge ${kind}">${text}</span>`;

function badgeOf({ state, answer }: CombinationResult): Html {
  if (state !== 'accepted') return badge(state);
  const verdict = overallVerdict(answer?.verdicts);
  return verdict ? badge(verdict) : badge('quiet', 'no verdict');
}

function shortOf({ failure, answer }: CombinationResult): Html {
  if (failure) return html`${shortened(failure.message, summaryLength)}`;
  if (!answer) return html`not answered yet`;
  const { analysisResult } = answer.stored;
  const { colours } = analysisResult;
  const hexes = Array.isArray(colours)
    ? colours.map((colour: { hex?: unknown } | null) => colour?.hex).filter(isColour)
    : [];
  return html`${hexes.map(swatch)}${shortened(shortAnswer(analysisResult), summaryLength)}`;
}

/** What quality assurance had to do, without opening anything. */
function repairOf({ answer }: CombinationResult): Html | undefined {
  const [issue, ...more] = answer?.provenance ? qaLines(answer.provenance) : [];
  if (issue === undefined) return undefined;
  return html`<span class="note"
    >${shortened(issue, summaryLength)}${more.length > 0 ? ` and ${more.length} more` : undefined}</span
  >`;
}

function renderQa({ answer }: CombinationResult): Html {
  const verdicts = answer?.verdicts;
  if (!verdicts) return html`<p class="quiet">No model was asked, so there was nothing to check.</p>`;
  const issues = answer.provenance ? qaLines(answer.provenance) : [];
  return html`<h4>Quality assurance</h4>
    <p>${qaStages.map((stage) => html`<span class="stage">${stage} ${badge(verdicts[stage])}</span> `)}</p>
    ${
      issues.length > 0
        ? html`<ul class="issues">
            ${issues.map((issue) => html`<li>${issue}</li>`)}
          </ul>`
        : undefined
    }`;
}

/** As many as `ollama list` shows. */
const shownDigest = 12;

function renderProvenance({ answer, acceptedAtMs }: CombinationResult): Html {
  const made = answer?.provenance;
  if (!made) return html``;
  const tokens = made.promptTokens === undefined ? undefined : `${made.promptTokens} in, ${made.outputTokens ?? 0} out`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['model', answer.stored.modelUsed],
    ['provider', made.provider],
    ['server version', made.serverVersion],
    ['model digest', made.modelDigest?.slice(0, shownDigest)],
    ['host', made.host],
    ['definition', made.definitionVersion],
    ['inference', `${duration(made.inferenceMs)}${made.inferences > 1 ? ` in ${made.inferences} calls` : ''}`],
    ['waited for a lane', duration(made.waitedForLaneMs)],
    ['tokens', tokens],
    [
      'accepted by GoFlow',
      acceptedAtMs === undefined ? undefined : `${new Date(acceptedAtMs).toISOString().slice(0, 19)}Z`,
    ],
  ];
  return html`<h4>Made with</h4>
    <dl class="made">
      ${rows.map(([name, text]) =>
        text === undefined
          ? undefined
          : html`<dt>${name}</dt>
              <dd>${text}</dd>`,
      )}
    </dl>`;
}

const renderPrompt = (prompt: string) =>
  prompt === ''
    ? html``
    : html`<details class="prompt">
        <summary>What was asked</summary>
        <pre>${prompt}</pre>
      </details>`;
