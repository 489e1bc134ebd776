import type { Progress } from '../../../workflows/goflow/contracts/progress.ts';

const width = 24;

/** `████████░░░░ 6/12 done, 1 failed, 3 running`; what failed is part of the bar, in its own shade. */
export function bar({ combinations, done, failed, running }: Progress['totals']): string {
  const share = (count: number) => Math.floor((count / Math.max(combinations, 1)) * width);
  const filled = '█'.repeat(share(done)) + '▒'.repeat(share(done + failed) - share(done));
  const counts = [
    `${done}/${combinations} done`,
    failed > 0 && `${failed} failed`,
    running > 0 && `${running} running`,
  ];
  return `${filled.padEnd(width, '░')} ${counts.filter(Boolean).join(', ')}`;
}
