import type { AuditReport } from '../../operations/verify-audit.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { table } from './table.ts';

export function renderAudit(
  { intact, folder, files, records, expected, faults }: AuditReport,
  colours: Colours,
): string {
  const columns = [{ heading: 'FILE' }, { heading: 'RECORDS' }, { heading: 'DIGEST OF THE LAST LINE' }];
  const rows = files.map(({ file, records: count, head, isCutOff }) => [
    clean(file),
    String(count),
    isCutOff ? `${head} (cut off after it)` : head,
  ]);
  const seen = expected === 0 ? '' : `, and all ${expected} expected lines are among them`;
  const verdict = intact
    ? colours.green(`${records} records in ${files.length} files are as they were written${seen}`)
    : [colours.red(`${faults.length} fault(s) in ${folder}:`), ...faults.map((fault) => `  - ${clean(fault)}`)].join(
        '\n',
      );
  return [verdict, '', table(columns, rows)].join('\n');
}
