import { html, type Html } from './html.ts';
import { scrollTable } from './table.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An answer in any shape, for people: fields as a list of terms, rows of equal shape as a table, colours as colours. */
export function renderValue(value: unknown): Html {
  if (value === null || value === undefined) return html`<span class="quiet">none</span>`;
  if (typeof value === 'string') return renderText(value);
  if (typeof value === 'number') return html`${Math.round(value * 1000) / 1000}`;
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`;
  if (Array.isArray(value)) return renderList(value);
  if (typeof value === 'object') return renderFields(value as Fields);
  return html``;
}

export const isColour = (value: unknown): value is string => typeof value === 'string' && /^#[\da-f]{6}$/i.test(value);

export const swatch = (colour: string) => html`<span class="swatch" style="background:${colour}"></span>`;

const renderText = (text: string) => (isColour(text) ? html`${swatch(text)}<code>${text}</code>` : html`${text}`);

function renderList(items: readonly unknown[]): Html {
  if (items.length === 0) return html`<span class="quiet">none</span>`;
  const columns = columnsOf(items);
  if (columns) return renderTable(columns, items as readonly Fields[]);
  return html`<ul>
    ${items.map((item) => html`<li>${renderValue(item)}</li>`)}
  </ul>`;
}

/** The common fields of a list of objects; undefined where a list is no table. */
function columnsOf(items: readonly unknown[]): string[] | undefined {
  const names = items.map((item) => (isFields(item) && !isBox(item) ? Object.keys(item) : []));
  const [first = []] = names;
  const isTable =
    first.length > 0 && names.every((own) => own.length === first.length && own.every((name) => first.includes(name)));
  return isTable ? first : undefined;
}

const renderTable = (columns: readonly string[], rows: readonly Fields[]) =>
  scrollTable(
    { label: 'Table' },
    columns.map(words),
    rows.map(
      (row) =>
        html`<tr>
          ${columns.map((name) => html`<td${isLong(row[name]) ? html` class="long"` : undefined}>${renderValue(row[name])}</td>`)}
        </tr>`,
    ),
  );

/** Beside short columns a sentence would stand one word to a line. */
const isLong = (value: unknown) => typeof value === 'string' && value.length > 40;

function renderFields(fields: Fields): Html {
  if (isBox(fields)) {
    const [x, y, width, height] = [fields.x, fields.y, fields.width, fields.height].map(Math.round);
    return html`<span class="box-text">${x}, ${y} ·</span> <span class="box-text">${width} × ${height} px</span>`;
  }
  const entries = Object.entries(fields).filter(([name]) => name !== 'processing_time_seconds');
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<dt>${words(name)}</dt>
          <dd>${renderValue(value)}</dd>`,
    )}
  </dl>`;
}

/** `bounding_box` → `bounding box` */
const words = (name: string) => name.replaceAll('_', ' ');

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBox = (value: Fields): value is Record<'x' | 'y' | 'width' | 'height', number> =>
  ['x', 'y', 'width', 'height'].every((name) => typeof value[name] === 'number');
