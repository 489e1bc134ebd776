import { combinationKey } from '../contracts/ids.ts';
import type { MediaLedger, MediaResult, Task } from '../contracts/media.ts';
import type { EarlierRun, Plan } from '../contracts/plan.ts';
import type { CarriedCombinations, FailedOutcome, LabelCount } from '../contracts/project.ts';
import { carryRows, restoreRows } from './carried-combinations.ts';
import { type Combination, doneOf, ledgerEntry, lostOutcome, retryTask, startOf } from './combination.ts';
import { pick, type Row, rowOf } from './rows.ts';
import { sameTexts, type ToldTexts, toldBy } from './same-texts.ts';

export interface Selection {
  readonly mediaId?: string | undefined;
  readonly analysisId?: string | undefined;
}

export interface Counts {
  readonly combinations: number;
  readonly open: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
}

const maxLabels = 200;

/**
 * What became of every combination of a project. Pure: no clock, no Temporal. The end of a project is a question to
 * this set ("is nothing open or running?"), never a counter.
 */
export class Combinations {
  private readonly plan: Plan;
  private readonly byMedia = new Map<string, Row>();
  private readonly labels = new Map<string, LabelCount>();
  private readonly qaFailures = new Map<string, number>();
  private readonly told: ToldTexts[] = [];
  private readonly retryWhenDone = new Map<string, Selection[]>();

  constructor(plan: Plan, carried?: CarriedCombinations) {
    this.plan = plan;
    for (const media of plan.media) {
      const row: Row = new Map();
      for (const analysis of plan.analyses) row.set(analysis.id, startOf(plan, media.id, analysis.id));
      this.byMedia.set(media.id, row);
    }
    if (carried) this.restore(carried);
  }

  counts(mediaId?: string): Counts {
    const counts = { combinations: 0, open: 0, running: 0, done: 0, failed: 0 };
    for (const [id, row] of this.byMedia) {
      if (mediaId !== undefined && id !== mediaId) continue;
      for (const combination of row.values()) {
        counts.combinations += 1;
        counts[combination.state] += 1;
      }
    }
    return counts;
  }

  isRunning(mediaId: string): boolean {
    return some(this.row(mediaId), (combination) => combination.state === 'running');
  }

  /** The next image with something open whose workflow is not running. */
  nextMedia(): string | undefined {
    for (const [mediaId, row] of this.byMedia) {
      if (some(row, ({ state }) => state === 'open') && !some(row, ({ state }) => state === 'running')) return mediaId;
    }
    return undefined;
  }

  /** Hands the open combinations of an image to its workflow. */
  start(mediaId: string): Task[] {
    const row = this.row(mediaId);
    const tasks: Task[] = [];
    for (const [analysisId, combination] of row) {
      if (combination.state !== 'open') continue;
      tasks.push(combination.task);
      row.set(analysisId, { state: 'running', task: combination.task });
    }
    return tasks;
  }

  runningTasks(mediaId: string): Task[] {
    const row = [...this.row(mediaId).values()];
    return row.flatMap((combination) => (combination.state === 'running' ? [combination.task] : []));
  }

  /** Takes what an image's workflow returned. Combinations that it does not mention are open again. */
  finish(mediaId: string, result: MediaResult): void {
    const row = this.row(mediaId);
    for (const outcome of result.outcomes) {
      if (row.get(outcome.analysisId)?.state !== 'running') continue;
      row.set(outcome.analysisId, outcome.state === 'done' ? doneOf(outcome) : { state: 'failed', outcome });
    }
    this.told.push(...toldBy(mediaId, result.outcomes));
    for (const [label, count] of Object.entries(result.labels)) this.countLabel(label, count);
    for (const [stage, count] of Object.entries(result.qaFailures))
      this.qaFailures.set(stage, (this.qaFailures.get(stage) ?? 0) + count);
    this.afterRun(mediaId);
  }

  /** An image's workflow ended without a result: keep what it surely did, the rest failed and may be retried. */
  lose(mediaId: string, ledger: MediaLedger, reason: string): void {
    const row = this.row(mediaId);
    const accepted = new Set(ledger.accepted);
    const sent = new Map(ledger.open.map((item) => [item.analysisId, item]));
    for (const [analysisId, combination] of row) {
      if (combination.state !== 'running') continue;
      const last = sent.get(analysisId) ?? combination.task;
      if (accepted.has(analysisId)) row.set(analysisId, { state: 'done', notApplicable: false, repaired: false });
      else row.set(analysisId, { state: 'failed', outcome: lostOutcome(last, reason) });
    }
    this.afterRun(mediaId);
  }

  /** Opens what failed. Images that still run are asked again when they have ended. Returns how many were opened. */
  retry(selection: Selection): { opened: number; waiting: number } {
    let opened = 0;
    let waiting = 0;
    for (const [mediaId, row] of this.byMedia) {
      if (selection.mediaId !== undefined && selection.mediaId !== mediaId) continue;
      if (this.isRunning(mediaId) && (selection.mediaId !== undefined || selection.analysisId !== undefined)) {
        this.retryWhenDone.set(mediaId, [...(this.retryWhenDone.get(mediaId) ?? []), selection]);
        waiting += 1;
        continue;
      }
      opened += this.reopen(row, selection);
    }
    return { opened, waiting };
  }

  failures(): { mediaId: string; outcome: FailedOutcome }[] {
    return pick(this.byMedia, (mediaId, combination) =>
      combination.state === 'failed' ? { mediaId, outcome: combination.outcome } : undefined,
    );
  }

  /** Numbers for the report and for the last announcement. */
  summary() {
    const doneByAnalysis: Record<string, number> = {};
    let mediaWithResults = 0;
    let notApplicable = 0;
    let repaired = 0;
    let degraded = 0;
    for (const row of this.byMedia.values()) {
      let hasResult = false;
      for (const [analysisId, combination] of row) {
        if (combination.state !== 'done') continue;
        hasResult = true;
        doneByAnalysis[analysisId] = (doneByAnalysis[analysisId] ?? 0) + 1;
        if (combination.notApplicable) notApplicable += 1;
        if (combination.repaired) repaired += 1;
        if (combination.degraded === true) degraded += 1;
      }
      if (hasResult) mediaWithResults += 1;
    }
    const labels = Object.fromEntries(this.labels);
    return {
      doneByAnalysis,
      mediaWithResults,
      notApplicable,
      repaired,
      degraded,
      labels,
      sameTexts: sameTexts(this.told),
    };
  }

  qaFailuresByStage(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.qaFailures);
  }

  /** For the next run of this project: what was, or may have been, sent. */
  ledger(): EarlierRun['combinations'] {
    const entries: [string, EarlierRun['combinations'][string]][] = [];
    for (const [mediaId, row] of this.byMedia) {
      for (const [analysisId, combination] of row) {
        const entry = ledgerEntry(combination);
        if (entry) entries.push([combinationKey(mediaId, analysisId), entry]);
      }
    }
    return Object.fromEntries(entries);
  }

  carry(): CarriedCombinations {
    return {
      ...carryRows(this.byMedia),
      labels: Object.fromEntries(this.labels),
      qaFailures: this.qaFailuresByStage(),
      told: this.told,
    };
  }

  private restore(carried: CarriedCombinations): void {
    restoreRows(this.byMedia, this.plan, carried);
    this.told.push(...(carried.told ?? []));
    for (const [label, count] of Object.entries(carried.labels)) this.labels.set(label, count);
    for (const [stage, count] of Object.entries(carried.qaFailures)) this.qaFailures.set(stage, count);
  }

  private afterRun(mediaId: string): void {
    const row = this.row(mediaId);
    for (const [analysisId, combination] of row) {
      if (combination.state === 'running') row.set(analysisId, { state: 'open', task: combination.task });
    }
    for (const selection of this.retryWhenDone.get(mediaId) ?? []) this.reopen(row, selection);
    this.retryWhenDone.delete(mediaId);
  }

  private reopen(row: Row, selection: Selection): number {
    let opened = 0;
    for (const [analysisId, combination] of row) {
      if (combination.state !== 'failed') continue;
      if (selection.analysisId !== undefined && selection.analysisId !== analysisId) continue;
      const slug = this.plan.analyses.find(({ id }) => id === analysisId)?.slug ?? analysisId;
      row.set(analysisId, { state: 'open', task: retryTask(combination.outcome, slug) });
      opened += 1;
    }
    return opened;
  }

  private countLabel(label: string, count: number): void {
    const known = this.labels.get(label);
    if (known === undefined && this.labels.size >= maxLabels) return;
    this.labels.set(label, { images: (known?.images ?? 0) + 1, count: (known?.count ?? 0) + count });
  }

  private row(mediaId: string): Row {
    return rowOf(this.byMedia, mediaId);
  }
}

function some(row: Row, test: (combination: Combination) => boolean): boolean {
  for (const combination of row.values()) if (test(combination)) return true;
  return false;
}
