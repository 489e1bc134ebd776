import type { HostsView } from '../../operations/list-hosts.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { table } from './table.ts';
import { timeOf } from './time.ts';

export function renderHosts({ shared, hosts, unanswered }: HostsView, colours: Colours): string {
  const ready = shared.pollers.filter(({ alive }) => alive).map(({ identity }) => clean(identity));
  const paint = (cell: string) => (cell.trim() === 'no' ? colours.red(cell) : cell);
  const columns = [
    { heading: 'HOST' },
    { heading: 'ALIVE', paint },
    { heading: 'IMAGES', align: 'right' as const },
    { heading: 'BACKLOG', align: 'right' as const },
    { heading: 'WORKERS' },
    { heading: 'LAST SEEN (UTC)' },
  ];
  const rows = hosts.map(({ host, alive, imagesStaged, backlog, pollers }) => [
    host,
    alive ? 'yes' : 'no',
    imagesStaged,
    backlog,
    pollers.map(({ identity }) => identity).join(', '),
    timeOf(
      pollers
        .map(({ lastSeen }) => lastSeen)
        .sort()
        .at(-1),
    ),
  ]);
  return [
    hosts.length === 0
      ? 'no host is known yet: a new one is seen with its first image, or after a minute'
      : table(columns, rows),
    '',
    `${shared.backlog} image(s) wait for a host with room`,
    `workers that asked for images lately: ${ready.join(', ') || 'none'}`,
    ...unanswered.map((id) => `project ${id} does not answer: its images are not counted`),
  ].join('\n');
}
