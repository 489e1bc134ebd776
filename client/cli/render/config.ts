import type { ConfigReport } from '../../operations/check-config.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { table } from './table.ts';

export function renderConfig({ valid, hash, definitions, faults }: ConfigReport, colours: Colours): string {
  if (!valid)
    return [
      colours.red(`the configuration has ${faults.length} fault(s):`),
      ...faults.map((fault) => `  - ${clean(fault)}`),
    ].join('\n');
  const columns = [{ heading: 'ANALYSIS' }, { heading: 'VERSION' }, { heading: 'MODEL' }, { heading: 'FIELDS' }];
  const rows = definitions.map(({ slug, version, model, fields }) => [slug, version, model, fields.join(', ')]);
  return [`${colours.green('the configuration is valid')}, hash ${hash ?? ''}`, '', table(columns, rows)].join('\n');
}
