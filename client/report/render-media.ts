import { boxesOf, type LabelledBox } from './boxes.ts';
import { html, type Html } from './html.ts';
import type { Picture } from './picture.ts';
import { badge, renderAnswer } from './render-answer.ts';
import { countStates, type MediaResults } from './results.ts';
import { shortAnswer, shortened } from './short-answer.ts';

/** The boxes of one analysis: shown and hidden together. */
interface Layer {
  readonly name: string;
  readonly boxes: readonly LabelledBox[];
}

const altLength = 300;

/** What the page calls the section of the image with this index. */
export const anchorOf = (index: number) => `image-${index + 1}`;

/** One image with its boxes, and everything that was answered about it. */
export function renderMedia(results: MediaResults, picture: Picture | undefined, index: number): Html {
  const { media, image, combinations } = results;
  const size = image && `${image.originalWidth} × ${image.originalHeight} px`;
  const facts = [size, image?.variant === 'greyscale' ? 'greyscale variant' : undefined, hostsOf(results)];
  return html`<section class="image" id="${anchorOf(index)}" aria-labelledby="${anchorOf(index)}-name">
    <header>
      <h3 id="${anchorOf(index)}-name">${media.filename}</h3>
      ${renderCounts(results)}
      <p class="quiet">${facts.filter((fact) => fact !== undefined).join(' · ')}</p>
    </header>
    <div class="columns">
      ${renderFigure(results, picture, index)}
      <div class="answers">
        <h4 class="hidden">Answers</h4>
        ${combinations.map(renderAnswer)}
      </div>
    </div>
  </section>`;
}

/** How the image fared, as badges: states that did not occur are left out. */
export function renderCounts({ combinations }: MediaResults): Html {
  const { accepted, failed, pending } = countStates(combinations);
  const total = combinations.length;
  return html`<span class="counts"
    >${badge(accepted === total ? 'passed' : 'quiet', `${accepted} of ${total} accepted`)}
    ${failed > 0 ? badge('failed', `${failed} failed`) : undefined}${pending > 0 ? badge('pending', `${pending} pending`) : undefined}</span
  >`;
}

function renderFigure(results: MediaResults, picture: Picture | undefined, index: number): Html {
  if (picture === undefined) return html`<div class="figure none">no picture</div>`;
  const { dataUri, width, height } = picture;
  const layers = layersOf(results);
  const id = (layer: number) => `${anchorOf(index)}-boxes-${layer + 1}`;
  return html`<figure class="figure">
    <div class="picture">
      <img src="${dataUri}" width="${width}" height="${height}" alt="${altOf(results)}" loading="lazy" />
      ${layers.map((layer, number) => renderLayer(layer, number, results))}
    </div>
    ${
      layers.length > 0
        ? html`<figcaption>
            <fieldset>
              <legend>Boxes</legend>
              ${layers.map(
                ({ name, boxes }, number) =>
                  html`<label for="${id(number)}"
                    ><input
                      type="checkbox"
                      id="${id(number)}"
                      class="toggle-${number + 1}"
                      ${number === 0 ? html` checked` : undefined}
                    />
                    ${name} (${boxes.length})</label
                  >`,
              )}
            </fieldset>
          </figcaption>`
        : undefined
    }
  </figure>`;
}

function layersOf({ combinations, image }: MediaResults): Layer[] {
  if (!image) return [];
  return combinations
    .map(({ analysis, answer }) => ({ name: analysis.name, boxes: boxesOf(answer?.stored.analysisResult) }))
    .filter(({ boxes }) => boxes.length > 0);
}

/** Lines as SVG, labels as text: both keep their size on the screen however large the original is. */
function renderLayer({ boxes }: Layer, number: number, { image }: MediaResults): Html {
  const { originalWidth: width, originalHeight: height } = image ?? { originalWidth: 1, originalHeight: 1 };
  const rectangles = boxes.map((box) => {
    const at = html`x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"`;
    return html`<rect class="casing" ${at} /><rect class="line" style="stroke:hsl(${hueOf(box)} 100% 70%)" ${at} />`;
  });
  const labels = boxes.map((box) => {
    // at the upper left corner, and inside where the picture ends
    const isAtTop = box.y / height < 0.05;
    const isAtRight = box.x / width > 0.75;
    const across = isAtRight
      ? html`right:${percent(1 - (box.x + box.width) / width)}`
      : html`left:${percent(box.x / width)}`;
    return html`<span
      class="label${isAtTop ? ' below' : ''}"
      style="${across};top:${percent(box.y / height)};background:hsl(${hueOf(box)} 75% 24%)"
      >${box.label}</span
    >`;
  });
  return html`<div class="boxes boxes-${number + 1}" aria-hidden="true">
    <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${rectangles}</svg>${labels}
  </div>`;
}

const percent = (share: number) => `${(Math.max(0, share) * 100).toFixed(2)}%`;

/** The same colour for the same kind of thing on all images. FNV-1a: neighbouring words get distant colours. */
function hueOf({ label }: LabelledBox): number {
  const kind = label.replace(/[\d\s%]+$/, '');
  let hash = 0x811c9dc5;
  for (let index = 0; index < kind.length; index += 1) hash = Math.imul(hash ^ kind.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % 360;
}

function altOf({ media, combinations }: MediaResults): string {
  const described = combinations.find(
    ({ answer }) => typeof answer?.stored.analysisResult['image_description'] === 'string',
  );
  const text = described?.answer ? shortAnswer(described.answer.stored.analysisResult) : 'analysed image';
  return `${media.filename}: ${shortened(text, altLength)}`;
}

function hostsOf({ combinations }: MediaResults): string | undefined {
  const hosts = new Set(combinations.flatMap(({ answer }) => answer?.provenance?.host ?? []));
  return hosts.size === 0 ? undefined : `analysed on ${[...hosts].join(', ')}`;
}
