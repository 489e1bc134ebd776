import { clean } from './clean.ts';

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  /** Characters; what is longer is cut. */
  readonly atMost?: number;
  /** Colours the padded cell: escapes would disturb the widths before. */
  readonly paint?: (cell: string) => string;
}

/** Columns as wide as their widest cell, two blanks apart. Cells may hold foreign text. */
export function table(columns: readonly Column[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cells = rows.map((row) => columns.map(({ atMost }, at) => cut(clean(String(row[at] ?? '')), atMost)));
  const widths = columns.map(({ heading }, at) =>
    Math.max(lengthOf(heading), ...cells.map((row) => lengthOf(row[at] ?? ''))),
  );
  const lineOf = (row: readonly string[], isHeading: boolean) =>
    columns
      .map(({ align, paint = same }, at) => {
        const padding = ' '.repeat((widths[at] ?? 0) - lengthOf(row[at] ?? ''));
        const cell = align === 'right' ? padding + (row[at] ?? '') : (row[at] ?? '') + padding;
        return isHeading ? cell : paint(cell);
      })
      .join('  ')
      .trimEnd();
  const headings = lineOf(
    columns.map(({ heading }) => heading),
    true,
  );
  return [headings, ...cells.map((row) => lineOf(row, false))].join('\n');
}

const cut = (text: string, atMost = Infinity) =>
  lengthOf(text) <= atMost
    ? text
    : `${Array.from(text)
        .slice(0, atMost - 1)
        .join('')}…`;

const same = (cell: string) => cell;
const lengthOf = (text: string) => Array.from(text).length;
