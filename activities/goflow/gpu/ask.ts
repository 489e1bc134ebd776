import { performance } from 'node:perf_hooks';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Attempt, QaSettings, Verdicts } from '../../../workflows/goflow/contracts/qa.ts';
import type { QaStage } from '../../../workflows/goflow/contracts/qa-stages.ts';
import { attemptOf, type Bad, bestTolerable, hasShrunk, verdictsOf } from '../../qa/attempts.ts';
import { checkAnswer, type Checked } from '../../qa/check-answer.ts';
import { type Conversation, openConversation, repair, userTextOf } from '../../qa/conversation.ts';
import { imageFacts } from '../../qa/image-facts.ts';
import type { Answer, Result, ScaleSeen } from '../../qa/types.ts';
import { Failure } from '../../shared/failure.ts';
import { jsonSchemaOf } from '../../vision/fields.ts';
import { type ImageForModel, type Inference, VisionError, type VisionProvider } from '../../vision/provider.ts';
import { greyscaleDoubts } from './greyscale.ts';

export interface Question {
  readonly definition: Definition;
  readonly systemPrompt: string;
  readonly prompt: string;
  readonly image: ImageForModel;
  readonly settings: QaSettings;
  readonly inferenceTimeoutMs: number;
  /** Keeps what the boxes of an answer show of their unit, and tells what all have shown. */
  readonly noteScale?: (answer: Answer) => ScaleSeen | undefined;
  /** Told after each answer, whatever becomes of it. */
  readonly onChecked?: (checked: Checked) => void;
}

export interface GoodAnswer {
  readonly result: Result;
  /** Every word that was sent as user in the conversation that was accepted (P5). */
  readonly userText: string;
  readonly verdicts: Verdicts;
  /** Every answer in its order, with what was found in it. */
  readonly attempts: readonly Attempt[];
  readonly inferences: readonly Inference[];
  /** The one that was taken: the last, or the best where none passed. */
  readonly accepted: Inference;
  readonly qaMs: number;
}

/** Whoever answers: called again for every repair. */
export type Asked = Pick<VisionProvider, 'infer'>;

interface BadAttempt {
  readonly checked: Bad;
  readonly inference: Inference;
  readonly conversation: Conversation;
}

/**
 * Asks until an answer passes all three stages: at most `maxRepairs` times more than once, within the budget, and only
 * as long as the faults get fewer. Where all that is left may be lived with, the best answer is taken as degraded.
 *
 * @throws {Failure} `QaRejected` with the reasons of every attempt
 * @throws {VisionError} what the provider throws
 */
export async function ask(provider: Asked, question: Question, signal: AbortSignal): Promise<GoodAnswer> {
  const { definition, image, settings } = question;
  const schema = jsonSchemaOf(definition.fields, definition.coordinates);
  // measured while the model works: the lane is not for that
  const measuring = imageFacts(image);
  const doubts = greyscaleDoubts(definition, image);
  const inferences: Inference[] = [];
  const attempts: Attempt[] = [];
  const bad: BadAttempt[] = [];
  let conversation = openConversation(question.prompt, definition.sampling);
  let qaMs = 0;

  /** What is taken where no answer passed. */
  const best = (): GoodAnswer | undefined => {
    const taken = bestTolerable(bad);
    if (taken === undefined) return undefined;
    const verdicts = verdictsOf(taken.checked.issues, stagesOf(bad.slice(0, -1)));
    const userText = userTextOf(taken.conversation);
    return { attempts, inferences, qaMs, result: taken.result, userText, verdicts, accepted: taken.inference };
  };

  for (;;) {
    let inference: Inference;
    try {
      inference = await infer(provider, question, conversation, schema, signal);
    } catch (error) {
      // a repair that can never be answered, too long for the context perhaps, does not cost what was answered before
      const taken = error instanceof VisionError && error.scope === 'analysis' ? best() : undefined;
      if (taken === undefined) throw error;
      return taken;
    }
    inferences.push(inference);
    const facts = await measuring;
    const startedAt = performance.now();
    const prompt = userTextOf(conversation);
    const answer = { inference, definition, image, prompt, system: question.systemPrompt, facts };
    const scale = question.noteScale?.(answer);
    const found = checkAnswer({ ...answer, ...(scale && { scale }) }, settings);
    const checked = { ...found, issues: [...found.issues, ...doubts] };
    qaMs += performance.now() - startedAt;
    attempts.push(attemptOf(checked));
    question.onChecked?.(checked);
    if (checked.isGood) {
      const verdicts = verdictsOf(checked.issues, stagesOf(bad));
      return { attempts, inferences, qaMs, result: checked.result, userText: prompt, verdicts, accepted: inference };
    }
    const before = bad.at(-1);
    bad.push({ checked, inference, conversation });
    const isOver =
      inferences.length > settings.maxRepairs ||
      qaMs > settings.budgetSeconds * 1000 ||
      (before !== undefined && !hasShrunk(checked, before.checked));
    if (isOver) {
      const taken = best();
      if (taken === undefined) throw rejected(attempts, checked, stagesOf(bad.slice(0, -1)));
      return taken;
    }
    conversation = repair(conversation, inference.text, checked.issues);
  }
}

const stagesOf = (bad: readonly BadAttempt[]): ReadonlySet<QaStage> => new Set(bad.map(({ checked }) => checked.stage));

const infer = (
  provider: Asked,
  { definition, systemPrompt, image, inferenceTimeoutMs }: Question,
  { turns, sampling }: Conversation,
  schema: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) =>
  provider.infer(
    {
      model: definition.model,
      system: systemPrompt,
      image,
      turns,
      schema,
      sampling,
      ...(definition.embedded !== undefined && { embedded: definition.embedded }),
      timeoutMs: inferenceTimeoutMs,
    },
    signal,
  );

function rejected(attempts: readonly Attempt[], last: Bad, failedAt: ReadonlySet<QaStage>): Failure {
  const verdicts = verdictsOf(last.issues, failedAt, last.stage);
  const reasons = attempts.map(({ issues }, index) => {
    const lines = issues.map(({ stage, rule, message }) => `${stage} ${rule}: ${message}`);
    return `attempt ${index + 1}: ${lines.join('; ')}`;
  });
  const message = `no answer passed QA in ${attempts.length} inference(s): ${reasons.join(' | ')}`;
  return new Failure('QaRejected', message.slice(0, 800), { details: { verdicts, attempts } });
}
