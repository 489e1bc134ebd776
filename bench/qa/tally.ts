import type { Judged, Judgement } from './judge.ts';

/** One kind of fault, or of right answers. */
export interface Row {
  readonly kind: string;
  readonly cases: number;
  /** Not accepted as it is. For a fault that is good, for a right answer it is a false alarm. */
  readonly noticed: number;
  readonly share: number;
  readonly by: Readonly<Record<Judgement, number>>;
}

export interface Tally {
  readonly faults: readonly Row[];
  readonly hard: readonly Row[];
  readonly right: readonly Row[];
  readonly disputed: readonly Row[];
  readonly caughtShare: number;
  readonly falseAlarmShare: number;
}

export const minCaughtShare = 0.99;
export const maxFalseAlarmShare = 0.01;

export function tally(judged: readonly Judged[]): Tally {
  const rows = (isFault: boolean, isAside: boolean) =>
    rowsOf(judged.filter((one) => one.case.isFault === isFault && one.case.isAside === isAside));
  const [faults, hard] = [rows(true, false), rows(true, true)];
  const [right, disputed] = [rows(false, false), rows(false, true)];
  return { faults, hard, right, disputed, caughtShare: shareOf(faults), falseAlarmShare: shareOf(right) };
}

export const isProven = ({ caughtShare, falseAlarmShare }: Tally): boolean =>
  caughtShare >= minCaughtShare && falseAlarmShare <= maxFalseAlarmShare;

function rowsOf(judged: readonly Judged[]): Row[] {
  const kinds = [...new Set(judged.map((one) => one.case.kind))];
  return kinds.map((kind) => {
    const own = judged.filter((one) => one.case.kind === kind);
    const count = (judgement: Judgement) => own.filter((one) => one.judgement === judgement).length;
    const by = {
      ...{ refused: count('refused'), mended: count('mended'), changed: count('changed') },
      ...{ flagged: count('flagged'), accepted: count('accepted') },
    };
    const noticed = own.length - by.accepted;
    return { kind, cases: own.length, noticed, share: noticed / own.length, by };
  });
}

const sum = (rows: readonly Row[], of: 'cases' | 'noticed') => rows.reduce((total, row) => total + row[of], 0);
const shareOf = (rows: readonly Row[]) => sum(rows, 'noticed') / Math.max(1, sum(rows, 'cases'));

export function tableOf(title: string, rows: readonly Row[], noticed: string): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(42) : cell.padStart(9))).join('');
  const body = rows.map(({ kind, cases, share, noticed: count, by }) =>
    line([kind, ...[cases, count].map(String), percent(share), ...Object.values(by).map(String)]),
  );
  const head = line([title, 'cases', noticed, 'share', 'refused', 'mended', 'changed', 'flagged', 'accepted']);
  const foot = line(['together', String(sum(rows, 'cases')), String(sum(rows, 'noticed')), percent(shareOf(rows))]);
  return [head, '-'.repeat(head.length), ...body, '-'.repeat(head.length), foot].join('\n');
}
