import type { HostsView } from '../../operations/list-hosts.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { table } from './table.ts';
import { timeOf } from './time.ts';

export function renderHosts({ shared, hosts, unanswered }: HostsView, colours: Colours): string {
  const ready = shared.pollers.filter(({ alive }) => alive).map(({ identity }) => clean(identity));
  const paint = (cell: string) => (cell.trim() === 'yes' ? cell : colours.red(cell));
  const columns = [
    { heading: 'HOST' },
    { heading: 'ALIVE', paint },
    { heading: 'IMAGES', align: 'right' as const },
    { heading: 'BACKLOG', align: 'right' as const },
    { heading: 'WORKERS' },
    { heading: 'LAST HEARD (UTC)' },
  ];
  const rows = hosts.map(({ host, alive, lastHeard, imagesStaged, backlog, pollers }) => [
    host,
    alive ? 'yes' : silence(lastHeard),
    imagesStaged,
    backlog,
    pollers.map(({ identity }) => identity).join(', '),
    timeOf(lastHeard),
  ]);
  return [
    hosts.length === 0
      ? 'no host is known yet: a new one is seen with its first image, or after a minute'
      : table(columns, rows),
    '',
    `${shared.backlog} image(s) wait for a host with room`,
    `workers that asked for images lately: ${ready.join(', ') || 'none'}`,
    ...unanswered.map((id) => `project ${id} has not said in time which images it holds: they are not counted`),
  ].join('\n');
}

/** What is known, and not what may be concluded from it: a worker that is short of time polls late, and is there. */
const silence = (lastHeard: string | undefined) =>
  lastHeard === undefined ? 'not heard' : `not for ${Math.round((Date.now() - Date.parse(lastHeard)) / 1_000)} s`;
