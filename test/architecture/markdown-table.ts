/**
 * The rows of the first table under a heading (`## Error catalogue`), without its head. Cells are trimmed and lose
 * their backticks.
 *
 * @throws {Error} when there is no such heading, or no table before the next heading of any level
 */
export function tableUnder(markdown: string, heading: string): string[][] {
  const lines = markdown.split('\n').map((line) => line.trim());
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`no heading "${heading}"`);
  const rest = lines.slice(start + 1);
  const nextHeading = rest.findIndex((line) => /^#{1,6} /.test(line));
  const section = nextHeading === -1 ? rest : rest.slice(0, nextHeading);
  const first = section.findIndex((line) => line.startsWith('|'));
  if (first === -1) throw new Error(`no table under "${heading}"`);
  const table = section.slice(first);
  const after = table.findIndex((line) => !line.startsWith('|'));
  const [, , ...rows] = after === -1 ? table : table.slice(0, after);
  return rows.map(cellsOf);
}

/** `\|` is a bar inside a cell. */
const cellsOf = (line: string) =>
  line
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').replaceAll('`', '').trim());
