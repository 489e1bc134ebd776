import { performance } from 'node:perf_hooks';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { QaSettings, QaStage, Verdicts } from '../../../workflows/goflow/contracts/qa.ts';
import { checkAnswer, type Checked } from '../../qa/check-answer.ts';
import { imageFacts } from '../../qa/image-facts.ts';
import { type Conversation, openConversation, repair, userTextOf } from '../../qa/conversation.ts';
import type { Remedy, Result } from '../../qa/types.ts';
import { Failure } from '../../shared/failure.ts';
import { jsonSchemaOf } from '../../vision/fields.ts';
import type { ImageForModel, Inference, VisionProvider } from '../../vision/provider.ts';

export interface Question {
  readonly definition: Definition;
  readonly systemPrompt: string;
  readonly prompt: string;
  readonly image: ImageForModel;
  readonly settings: QaSettings;
  readonly inferenceTimeoutMs: number;
}

export interface GoodAnswer {
  readonly result: Result;
  /** Every word that was sent as user in the conversation that was accepted (P5). */
  readonly userText: string;
  readonly verdicts: Verdicts;
  /** One line per fault that was fixed or asked again. */
  readonly issues: readonly string[];
  readonly inferences: readonly Inference[];
  readonly qaMs: number;
}

/**
 * Asks until an answer passes all three stages, at most `maxRepairs` times more than once.
 *
 * @throws {Failure} `QaRejected` with the reasons of every attempt
 * @throws {VisionError} what the provider throws
 */
export async function ask(provider: VisionProvider, question: Question, signal: AbortSignal): Promise<GoodAnswer> {
  const { definition, image, settings } = question;
  const schema = jsonSchemaOf(definition.fields, definition.coordinates);
  const inferences: Inference[] = [];
  const issues: string[] = [];
  const failedAt = new Set<QaStage>();
  let conversation = openConversation(question.prompt, definition.sampling);
  let qaMs = 0;
  const facts = await imageFacts(image);

  for (;;) {
    const inference = await infer(provider, question, conversation, schema, signal);
    inferences.push(inference);
    const startedAt = performance.now();
    const checked = checkAnswer({ inference, definition, image, prompt: question.prompt, facts }, settings);
    qaMs += performance.now() - startedAt;
    if (checked.isGood) {
      issues.push(...checked.issues.map(({ message }) => `domain: ${message}`));
      const verdicts = verdictsOf(failedAt, checked);
      return { result: checked.result, userText: userTextOf(conversation), verdicts, issues, inferences, qaMs };
    }
    failedAt.add(checked.stage);
    issues.push(...checked.issues.map(({ rule, message }) => `${checked.stage} ${rule}: ${message}`));
    const isOver = inferences.length > settings.maxRepairs || qaMs > settings.budgetSeconds * 1000;
    if (isOver) throw rejected(issues, failedAt, checked.stage, inferences.length);
    conversation = repair(
      conversation,
      inference.text,
      checked.issues.map(({ rule, message, action }) => ({ rule, message, remedy: action as Remedy })),
    );
  }
}

const infer = (
  provider: VisionProvider,
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

function verdictsOf(failedAt: ReadonlySet<QaStage>, { issues }: Extract<Checked, { isGood: true }>): Verdicts {
  const of = (stage: QaStage) => (failedAt.has(stage) ? 'repaired' : 'passed');
  return {
    structural: of('structural'),
    content: of('content'),
    domain: issues.length > 0 ? 'repaired' : of('domain'),
  };
}

function rejected(
  issues: readonly string[],
  failedAt: ReadonlySet<QaStage>,
  last: QaStage,
  inferences: number,
): Failure {
  const of = (stage: QaStage) => (stage === last ? 'failed' : failedAt.has(stage) ? 'repaired' : 'passed');
  const verdicts: Verdicts = { structural: of('structural'), content: of('content'), domain: of('domain') };
  const message = `no answer passed QA in ${inferences} inference(s): ${issues.join('; ')}`;
  return new Failure('QaRejected', message.slice(0, 800), { details: { verdicts } });
}
