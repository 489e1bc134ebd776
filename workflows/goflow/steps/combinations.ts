import { combinationKey } from '../contracts/ids.ts';
import type { MediaLedger, MediaResult, Task } from '../contracts/media.ts';
import type { EarlierRun, Plan } from '../contracts/plan.ts';
import type { CarriedCombinations, FailedOutcome, LabelCount } from '../contracts/project.ts';
import { type Combination, doneOf, ledgerEntry, lostOutcome, retryTask, startOf } from './combination.ts';

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
/** What is carried over continue-as-new must fit into one payload (2 MiB): beyond this, answers are made again. */
const maxStoredBytes = 1_000_000;

/**
 * What became of every combination of a project. Pure: no clock, no Temporal. The end of a project is a question to
 * this set ("is nothing open or running?"), never a counter.
 */
export class Combinations {
  private readonly plan: Plan;
  private readonly byMedia = new Map<string, Map<string, Combination>>();
  private readonly labels = new Map<string, LabelCount>();
  private readonly qaFailures = new Map<string, number>();
  private readonly retryWhenDone = new Map<string, Selection[]>();

  constructor(plan: Plan, carried?: CarriedCombinations) {
    this.plan = plan;
    for (const media of plan.media) {
      const row = new Map<string, Combination>();
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
    return this.collect((mediaId, combination) =>
      combination.state === 'failed' ? { mediaId, outcome: combination.outcome } : undefined,
    );
  }

  /** Numbers for the report and for the last announcement. */
  summary() {
    const doneByAnalysis: Record<string, number> = {};
    let mediaWithResults = 0;
    let notApplicable = 0;
    let repaired = 0;
    for (const row of this.byMedia.values()) {
      let hasResult = false;
      for (const [analysisId, combination] of row) {
        if (combination.state !== 'done') continue;
        hasResult = true;
        doneByAnalysis[analysisId] = (doneByAnalysis[analysisId] ?? 0) + 1;
        if (combination.notApplicable) notApplicable += 1;
        if (combination.repaired) repaired += 1;
      }
      if (hasResult) mediaWithResults += 1;
    }
    const labels = Object.fromEntries(this.labels);
    return { doneByAnalysis, mediaWithResults, notApplicable, repaired, labels };
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
    const positions = (wanted: (combination: Combination) => boolean) => {
      let position = -1;
      return this.collect((_, combination) => {
        position += 1;
        return wanted(combination) ? position : undefined;
      });
    };
    let storedBytes = 0;
    const lighter = <T extends { stored?: unknown }>(item: T): T => {
      storedBytes += item.stored === undefined ? 0 : JSON.stringify(item.stored).length;
      return storedBytes > maxStoredBytes ? { ...item, stored: undefined } : item;
    };
    return {
      done: positions((combination) => combination.state === 'done'),
      notApplicable: positions((combination) => combination.state === 'done' && combination.notApplicable),
      repaired: positions((combination) => combination.state === 'done' && combination.repaired),
      failed: this.failures().map(({ mediaId, outcome }) => ({ mediaId, outcome: lighter(outcome) })),
      open: this.collect((mediaId, combination) =>
        combination.state === 'open' ? { mediaId, task: lighter(combination.task) } : undefined,
      ),
      labels: Object.fromEntries(this.labels),
      qaFailures: this.qaFailuresByStage(),
    };
  }

  private restore(carried: CarriedCombinations): void {
    const notApplicable = new Set(carried.notApplicable);
    const repaired = new Set(carried.repaired);
    for (const position of carried.done) {
      const media = this.plan.media[Math.floor(position / this.plan.analyses.length)];
      const analysis = this.plan.analyses[position % this.plan.analyses.length];
      if (media === undefined || analysis === undefined) continue;
      this.row(media.id).set(analysis.id, {
        state: 'done',
        notApplicable: notApplicable.has(position),
        repaired: repaired.has(position),
      });
    }
    for (const { mediaId, outcome } of carried.failed)
      this.row(mediaId).set(outcome.analysisId, { state: 'failed', outcome });
    for (const { mediaId, task } of carried.open) this.row(mediaId).set(task.analysisId, { state: 'open', task });
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

  private reopen(row: Map<string, Combination>, selection: Selection): number {
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

  private row(mediaId: string): Map<string, Combination> {
    const row = this.byMedia.get(mediaId);
    if (row === undefined) throw new RangeError(`no such image in the plan: ${mediaId}`);
    return row;
  }

  private collect<T>(pick: (mediaId: string, combination: Combination) => T | undefined): T[] {
    const picked: T[] = [];
    for (const [mediaId, row] of this.byMedia) {
      for (const combination of row.values()) {
        const value = pick(mediaId, combination);
        if (value !== undefined) picked.push(value);
      }
    }
    return picked;
  }
}

function some(row: Map<string, Combination>, test: (combination: Combination) => boolean): boolean {
  for (const combination of row.values()) if (test(combination)) return true;
  return false;
}
