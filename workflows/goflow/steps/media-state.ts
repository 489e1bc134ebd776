import { log, sleep } from '@temporalio/workflow';
import type { Receipt } from '../contracts/activities.ts';
import type { Answer, MediaInput, MediaLedger, MediaResult, Outcome, Task } from '../contracts/media.ts';
import type { Verdicts } from '../contracts/qa.ts';
import { qaStages } from '../contracts/qa-stages.ts';
import type { FailureOf } from './failure-of.ts';
import { fruitlessStagings, stagingPauseMs } from './policies.ts';

/** What an image's workflow knows. Every task is in exactly one of: open, analysing, submitting, settled. */
export class MediaState {
  readonly input: MediaInput;
  begun: boolean;
  paused: boolean;
  /** Of the latest word about a pause. */
  private pauseOrder = 0;
  /** How often the image was staged, for the activity ids. */
  stagings = 0;
  private readonly open: Task[];
  private readonly analysing = new Set<Task>();
  private readonly submitting = new Map<Task, Answer>();
  private readonly outcomes: Outcome[] = [];
  private readonly refusedOnce = new Set<string>();
  private readonly labels = new Map<string, number>();
  private readonly qaFailures: Record<string, number> = {};
  private lastHost: string | undefined;
  /** Whether the last staging was of use, or ended because an operator paused. */
  private wasFruitful = true;
  private fruitless = 0;
  private fruitlessElsewhere = 0;

  constructor(input: MediaInput) {
    this.input = input;
    this.begun = input.begun;
    this.paused = input.paused;
    this.open = [...input.tasks];
  }

  /** @param order of the word among all of its project's; undefined: from a project that does not count them yet */
  pause(paused: boolean, order: number | undefined): void {
    if (order !== undefined && order < this.pauseOrder) return;
    this.pauseOrder = order ?? this.pauseOrder;
    this.paused = paused;
  }

  hasOpen(): boolean {
    return this.open.some((task) => task.stored === undefined);
  }

  hasStored(): boolean {
    return this.open.some((task) => task.stored !== undefined);
  }

  /** Whether an analysis waits or runs. */
  isAnalysing(): boolean {
    return this.analysing.size > 0;
  }

  /** How many are open. */
  toCome(): number {
    return this.open.filter((task) => task.stored === undefined).length;
  }

  isOver(): boolean {
    return this.open.length === 0 && this.analysing.size === 0 && this.submitting.size === 0;
  }

  takeOpen(): Task | undefined {
    const index = this.open.findIndex((task) => task.stored === undefined);
    const [task] = index < 0 ? [] : this.open.splice(index, 1);
    if (task) this.analysing.add(task);
    return task;
  }

  takeStored(): { task: Task; answer: Answer }[] {
    const taken: { task: Task; answer: Answer }[] = [];
    for (const task of [...this.open]) {
      if (task.stored === undefined) continue;
      this.open.splice(this.open.indexOf(task), 1);
      taken.push({ task, answer: { stored: task.stored, labels: {} } });
    }
    return taken;
  }

  /** The host is lost, the analysis is not at fault: it keeps its turn. */
  reopen(task: Task): void {
    this.analysing.delete(task);
    this.open.unshift(task);
  }

  startSubmitting(task: Task, answer: Answer): void {
    this.analysing.delete(task);
    this.wasFruitful = true;
    this.submitting.set(task, answer);
    this.countVerdicts(answer.verdicts);
    // two analyses that see the same cat have not seen two
    for (const [label, count] of Object.entries(answer.labels))
      this.labels.set(label, Math.max(this.labels.get(label) ?? 0, count));
  }

  accepted(task: Task, { how }: Receipt): void {
    const answer = this.submitting.get(task);
    this.submitting.delete(task);
    const notApplicable = answer?.stored.analysisResult['not_applicable'] === true;
    const verdicts = answer?.verdicts && { verdicts: answer.verdicts };
    const imageSha256 = answer?.provenance?.imageSha256;
    const told = answer?.texts?.length && imageSha256 !== undefined && { texts: answer.texts, imageSha256 };
    this.outcomes.push({ state: 'done', analysisId: task.analysisId, how, notApplicable, ...verdicts, ...told });
  }

  /** Decision D5: the first 422 asks the model once more, under a new key. False: it was asked already. */
  analyseAgain(task: Task): boolean {
    if (this.refusedOnce.has(task.analysisId)) return false;
    this.refusedOnce.add(task.analysisId);
    this.submitting.delete(task);
    const { analysisId, slug, round } = task;
    this.open.push({ analysisId, slug, round: round + 1, mayHaveArrived: false, resent: false });
    return true;
  }

  fail(task: Task, { code, message, details }: FailureOf, sent?: { mayHaveArrived: boolean }): void {
    const stored = this.submitting.get(task)?.stored ?? task.stored;
    this.analysing.delete(task);
    this.submitting.delete(task);
    this.wasFruitful = true;
    if (code === 'QaRejected') this.countVerdicts((details as { verdicts?: Verdicts } | undefined)?.verdicts);
    this.outcomes.push({
      state: 'failed',
      analysisId: task.analysisId,
      code,
      message: message.slice(0, 1000),
      round: task.round,
      sent: sent !== undefined,
      mayHaveArrived: sent?.mayHaveArrived ?? task.mayHaveArrived,
      ...(stored && { stored }),
      resent: task.resent,
    });
  }

  failAllOpen(failure: FailureOf): void {
    for (let task = this.takeOpen(); task; task = this.takeOpen()) this.fail(task, failure);
  }

  nextStaging(): number {
    this.stagings += 1;
    return this.stagings;
  }

  /** A host that keeps failing is not asked at full speed. */
  async pauseBeforeStaging(): Promise<void> {
    const pauseMs = stagingPauseMs(this.fruitless);
    if (pauseMs > 0) await sleep(pauseMs);
  }

  /**
   * Whether it is worth trying on this host. Only stagings on *changing* hosts that finish nothing count against the
   * image: while there is one host to wait for, it waits.
   */
  mayTryOn(host: string): boolean {
    this.fruitless = this.wasFruitful ? 0 : this.fruitless + 1;
    if (this.wasFruitful) this.fruitlessElsewhere = 0;
    else if (host !== this.lastHost) this.fruitlessElsewhere += 1;
    this.lastHost = host;
    this.wasFruitful = false;
    if (this.fruitlessElsewhere <= fruitlessStagings) return true;
    log.warn('given up: its hosts keep failing', { stagings: this.stagings });
    this.failAllOpen({
      code: 'HostLost',
      message: `${this.stagings} stagings and no host finished anything`,
      details: undefined,
    });
    return false;
  }

  /** The image leaves its host in order: done, or paused. */
  leftInOrder(): void {
    this.wasFruitful = true;
  }

  result(): MediaResult {
    return { outcomes: this.outcomes, labels: Object.fromEntries(this.labels), qaFailures: this.qaFailures };
  }

  ledger(): MediaLedger {
    const pending = [...this.open, ...this.analysing].filter(({ mayHaveArrived, stored }) => mayHaveArrived || stored);
    const failed = this.outcomes.flatMap((outcome) => (outcome.state === 'failed' && outcome.sent ? [outcome] : []));
    return {
      accepted: this.outcomes.flatMap((outcome) => (outcome.state === 'done' ? [outcome.analysisId] : [])),
      open: [
        ...pending,
        ...[...this.submitting].map(([task, { stored }]) => ({ ...task, mayHaveArrived: true, stored })),
        ...failed,
      ].map(({ analysisId, round, mayHaveArrived, stored }) => ({ analysisId, round, mayHaveArrived, stored })),
    };
  }

  private countVerdicts(verdicts: Verdicts | undefined): void {
    for (const stage of qaStages) {
      if (verdicts === undefined || verdicts[stage] === 'passed') continue;
      this.qaFailures[stage] = (this.qaFailures[stage] ?? 0) + 1;
    }
  }
}
