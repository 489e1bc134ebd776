import type { FailureCode } from '../../workflows/shared/failures.ts';
import type { Answer, MediaInput, StoredAnswer, Task } from '../../workflows/goflow/contracts/media.ts';
import { combinationKey, idempotencyKey } from '../../workflows/goflow/contracts/ids.ts';
import type { Plan } from '../../workflows/goflow/contracts/plan.ts';
import { Combinations } from '../../workflows/goflow/steps/combinations.ts';
import { MediaState } from '../../workflows/goflow/steps/media-state.ts';

/** What an image's workflow meets when it works on one task. */
export type Fate =
  | 'accepted'
  | 'already'
  | 'GoFlowRefused'
  | 'GoFlowNotFound'
  | 'GoFlowUnprocessable'
  /** Ends without anybody knowing whether it arrived. */
  | 'Internal'
  | 'QaRejected'
  | 'VisionRefused'
  /** The image's workflow is terminated while the answer is being sent. */
  | 'terminated-sending'
  /** The image's workflow is terminated while the model works. */
  | 'terminated-analysing';

const definite: readonly Fate[] = ['GoFlowRefused', 'GoFlowNotFound', 'GoFlowUnprocessable'];

/**
 * A project without Temporal: the real sets and states, driven by fates. It keeps every body that was sent under every
 * key, as GoFlow would see them.
 */
export class ProjectModel {
  combinations: Combinations;
  private plan: Plan;
  private made = 0;
  /** By idempotency key: the bodies that were sent. */
  readonly sent = new Map<string, Set<string>>();
  /** Keys by which a combination was accepted, by combination. */
  readonly acceptedBy = new Map<string, string[]>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.combinations = new Combinations(plan);
  }

  /** Keys that carried more than one body. */
  keysWithTwoBodies(): string[] {
    return [...this.sent].filter(([, bodies]) => bodies.size > 1).map(([key]) => key);
  }

  /** Runs one image's workflow; `fateOf` is asked once per answer. False: there was none to run. */
  runMedia(fateOf: () => Fate): boolean {
    const mediaId = this.combinations.nextMedia();
    const media = this.plan.media.find(({ id }) => id === mediaId);
    if (mediaId === undefined || media === undefined) return false;
    const state = new MediaState(this.inputOf(media, this.combinations.start(mediaId)));
    const isTerminated = this.work(state, mediaId, fateOf);
    if (isTerminated) this.combinations.lose(mediaId, state.ledger(), 'terminated');
    else this.combinations.finish(mediaId, state.result());
    return true;
  }

  /** As continue-as-new does: through JSON. */
  continueAsNew(): void {
    this.combinations = new Combinations(this.plan, JSON.parse(JSON.stringify(this.combinations.carry())) as never);
  }

  /** Cancelled, and handed out again (P2). */
  runAgain(): void {
    const combinations = JSON.parse(JSON.stringify(this.combinations.ledger())) as never;
    this.plan = { ...this.plan, earlier: { runId: 'earlier', processing: 'accepted', combinations } };
    this.combinations = new Combinations(this.plan);
  }

  private inputOf(media: Plan['media'][number], tasks: readonly Task[]): MediaInput {
    const projectId = this.plan.project.id;
    const plan = { projectId, digest: this.plan.digest };
    return { projectId, plan, rerun: 0, media, preferredVariant: 'optimised', tasks, begun: true, paused: false };
  }

  /** Resolves to whether the workflow was terminated on the way. */
  private work(state: MediaState, mediaId: string, fateOf: () => Fate): boolean {
    for (const { task, answer } of state.takeStored()) {
      if (this.send(state, mediaId, task, answer, fateOf())) return true;
    }
    for (let task = state.takeOpen(); task; task = state.takeOpen()) {
      const fate = fateOf();
      if (fate === 'terminated-analysing') return true;
      if (fate === 'QaRejected' || fate === 'VisionRefused') {
        state.fail(task, { code: fate, message: fate, details: undefined });
        continue;
      }
      if (this.send(state, mediaId, task, this.newAnswer(), fate)) return true;
    }
    return false;
  }

  private send(state: MediaState, mediaId: string, task: Task, answer: Answer, fate: Fate): boolean {
    const key = idempotencyKey.result('P', mediaId, task.analysisId, 0, task.round);
    this.sent.set(key, (this.sent.get(key) ?? new Set()).add(bodyOf(answer.stored)));
    state.startSubmitting(task, answer);
    if (fate === 'terminated-sending' || fate === 'terminated-analysing') return true;
    if (fate === 'accepted' || fate === 'already' || fate === 'QaRejected' || fate === 'VisionRefused') {
      const how = fate === 'already' ? 'already' : 'accepted';
      const combination = combinationKey(mediaId, task.analysisId);
      this.acceptedBy.set(combination, [...(this.acceptedBy.get(combination) ?? []), key]);
      state.accepted(task, { how, status: 201 });
      return false;
    }
    const code: FailureCode = fate;
    if (code === 'GoFlowUnprocessable' && state.analyseAgain(task)) return false;
    state.fail(task, { code, message: fate, details: undefined }, { mayHaveArrived: !definite.includes(fate) });
    return false;
  }

  private newAnswer(): Answer {
    this.made += 1;
    const stored: StoredAnswer = {
      modelUsed: 'a-model',
      model: 'a-model',
      userPromptUsed: 'What is it?',
      analysisResult: { text: `answer ${this.made}` },
    };
    return { stored, labels: {} };
  }
}

const bodyOf = (stored: StoredAnswer) => JSON.stringify(stored.analysisResult);
