import { html, type Html } from './html.ts';

/** What names a table for those who cannot see it: the id of its heading, or words. */
type TableName = { readonly labelledBy: string } | { readonly label: string };

/** A table that scrolls sideways on its own, by keyboard, too. */
export function scrollTable(
  name: TableName,
  columns: readonly string[],
  rows: readonly Html[],
  { isWide = false } = {},
): Html {
  const named = 'label' in name ? html`aria-label="${name.label}"` : html`aria-labelledby="${name.labelledBy}"`;
  return html`<div class="scroll" tabindex="0" role="region" ${named}>
    <table${isWide ? html` class="wide"` : undefined}>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
