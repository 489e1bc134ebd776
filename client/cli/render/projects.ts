import type { ProjectRow } from '../../operations/describe-project.ts';
import type { Colours } from '../cli.ts';
import { phasePainter } from './phase.ts';
import { table } from './table.ts';
import { timeOf } from './time.ts';

export function renderProjects(rows: readonly ProjectRow[], colours: Colours): string {
  if (rows.length === 0) return 'no projects';
  return table(
    [
      { heading: 'PROJECT' },
      { heading: 'PHASE', paint: phasePainter(colours) },
      { heading: 'FAILED', align: 'right' },
      { heading: 'STARTED (UTC)' },
      { heading: 'CLOSED (UTC)' },
      { heading: 'STATUS' },
      { heading: 'CLIENT', atMost: 32 },
      { heading: 'NAME' },
    ],
    rows.map(({ projectId, client, phase, failed, started, closed, status, summary, reason }) => [
      projectId,
      phase ?? '-',
      failed,
      timeOf(started),
      timeOf(closed),
      status.toLowerCase(),
      client,
      [summary, reason].filter((text) => text !== undefined).join(' · '),
    ]),
  );
}
