import type { BulkReply } from '../../operations/selected-projects.ts';
import type { Colours } from '../cli.ts';
import { table } from './table.ts';

/** What each of many projects answered, or would answer. */
export function renderBulk({ word, dryRun, projects }: BulkReply, colours: Colours): string {
  if (projects.length === 0) return 'no project is selected';
  const paint = (cell: string) => (/^(refused|unanswered)/.test(cell) ? colours.yellow(cell) : cell);
  const columns = [
    { heading: 'PROJECT' },
    { heading: 'PHASE' },
    { heading: word.toUpperCase(), paint },
    { heading: 'ANSWER' },
    { heading: 'NAME' },
  ];
  const rows = projects.map(({ projectId, phase, outcome, message, summary }) => [
    ...[projectId, phase ?? '-', outcome, message, summary],
  ]);
  const would = projects.filter(({ outcome }) => outcome === 'would').length;
  const preview = `nothing was said yet: ${would} of ${projects.length} would do it; say it with --yes`;
  return [table(columns, rows), ...(dryRun ? ['', preview] : [])].join('\n');
}
