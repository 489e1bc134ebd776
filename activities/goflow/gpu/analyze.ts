import { performance } from 'node:perf_hooks';
import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { Analyzed, AnalyzeInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Answer } from '../../../workflows/goflow/contracts/media.ts';
import type { Plan } from '../../../workflows/goflow/contracts/plan.ts';
import type { Issue } from '../../../workflows/goflow/contracts/qa.ts';
import { qaStages } from '../../../workflows/goflow/contracts/qa-stages.ts';
import type { FailureCode } from '../../../workflows/shared/failures.ts';
import type { Images } from '../../images/images.ts';
import type { Checked } from '../../qa/check-answer.ts';
import { settingsOf } from '../../qa/earlier-settings.ts';
import { type RecordAttempt, recordOutcome, withHeartbeat } from '../../shared/attempt.ts';
import { Failure } from '../../shared/failure.ts';
import type { Metrics } from '../../shared/metrics.ts';
import { analysisOf, mediaOf, type PlanStore } from '../../shared/plan-store.ts';
import { linkSignals } from '../../shared/signals.ts';
import { renderPrompt } from '../../vision/prompt.ts';
import { type Inference, type InferenceRequest, type ModelFacts, VisionError } from '../../vision/provider.ts';
import { ask, type Asked, type GoodAnswer, type Question } from './ask.ts';
import { type Host, unavailable } from './host.ts';
import { overloadDelayMs } from './overload.ts';
import { type Place, placeKey } from './places.ts';
import { answerOf, notApplicable } from './results.ts';
import { turnForChecking } from './turn-for-checking.ts';

export interface AnalyzeDeps {
  readonly host: Host;
  readonly images: Images;
  readonly plans: PlanStore;
  readonly recordAttempt: RecordAttempt;
  /** Attempts of an inference that failed on the server's side. */
  readonly inferenceAttempts: number;
  readonly metrics: Metrics;
}

/**
 * How often this inference has failed, and how often in a row the server was full: kept at Temporal's server, since
 * attempts also end by no fault of the inference. A full server costs none of `inferenceAttempts`.
 */
const recordSchema = z.object({ failures: z.int(), overloads: z.int().default(0) });
type AttemptRecord = z.infer<typeof recordSchema>;
const retryDelayMs = 1_000;
/** Half a dozen within the timeout. A cancelled project does not wait for them: its images are given back at once. */
const heartbeatEveryMs = 5_000;

/** One combination: waits for a lane, asks the model, checks the answer in three stages, asks again where that helps. */
export async function analyze(deps: AnalyzeDeps, input: AnalyzeInput): Promise<Analyzed> {
  const { host } = deps;
  const plan = await deps.plans.get(input.plan);
  const { definition, name, slug } = analysisOf(plan, input.analysisId);
  if (definition === undefined) throw new Failure('AnalysisUnknown', `no definition for the analysis "${slug}"`);
  const isColourless = definition.requiresColour && input.image.variant === 'greyscale';
  const answer = isColourless
    ? notApplicable(definition)
    : await answerFor(deps, plan, input, { definition, name, slug });
  const { isLeaving, lanes } = host;
  const key = placeKey(plan.project.id, input.mediaId);
  const ranDry = lanes.isIdle(key) && (host.places.find(key)?.toCome ?? 0) > 0;
  return { answer, spareLanes: isLeaving ? 0 : lanes.spare, imageLanes: lanes.runningOf(key), ranDry, isLeaving };
}

interface Analysis {
  readonly definition: Definition;
  readonly name: string;
  readonly slug: string;
}

async function answerFor(deps: AnalyzeDeps, plan: Plan, input: AnalyzeInput, analysis: Analysis): Promise<Answer> {
  const { host, metrics } = deps;
  const place = await placeOf(deps, plan, input);
  place.toCome = input.toCome;
  const key = `${input.analysisId}.${input.round}`;
  const known = place.answers.get(key);
  if (known) return known;

  const question = questionOf(plan, { ...analysis, definition: asProviderWrites(host, analysis.definition) }, place);
  const { definition } = analysis;
  const onLane = new OnLane(deps, place);
  let facts: ModelFacts = {};
  const good = await whileStaged(deps, place, async (signal) => {
    facts = await host.models.factsOf(definition.model, signal);
    const scale = host.scales.of(question.definition, facts);
    const onChecked = ({ issues }: Checked) => {
      countIssues(metrics, issues);
      if (issues.some(({ rule }) => rule === 'coordinate_scale')) scale.suspect();
    };
    return ask(onLane, { ...question, noteScale: scale.note, onChecked }, signal);
  });
  countGood(metrics, good);
  const serverVersion = host.health.version ?? facts.serverVersion;
  const provider = host.provider.kind;
  const server = { host: host.name, provider, serverVersion, modelDigest: facts.digest };
  const made = { ...server, definition, image: place.image, waitedForLaneMs: onLane.waitedMs };
  const answer = answerOf(good, made);
  place.answers.set(key, answer);
  return answer;
}

/** The image as it is staged here, or as it still lies in the cache after a restart. */
async function placeOf({ host, images }: AnalyzeDeps, plan: Plan, { mediaId, image }: AnalyzeInput): Promise<Place> {
  const key = placeKey(plan.project.id, mediaId);
  const staged = host.places.find(key);
  if (staged?.image.sha256 === image.sha256) return staged;
  const recalled = await images.recall(mediaOf(plan, mediaId), image);
  if (recalled) return host.places.take(key, recalled);
  throw new Failure('NotStaged', `${host.name} does not hold the image`);
}

/** The detector inside this process writes pixels of the image it was given, whichever model the plan names. */
const asProviderWrites = ({ provider }: Host, definition: Definition): Definition =>
  provider.kind === 'embedded' ? { ...definition, coordinates: 'pixels' } : definition;

function questionOf(plan: Plan, { definition, name, slug }: Analysis, { image }: Place): Question {
  const context = {
    ...{ analysisName: name, analysisSlug: slug },
    ...{ imageWidth: image.width, imageHeight: image.height, imageVariant: image.variant },
  };
  return {
    definition,
    systemPrompt: plan.systemPrompts[definition.model] ?? '',
    prompt: renderPrompt(definition, context),
    image,
    settings: settingsOf(plan.qa),
    inferenceTimeoutMs: plan.inferenceTimeoutMs,
  };
}

/** Asks the host's model on a lane: the answer is checked while the lane works for others. */
class OnLane implements Asked {
  /** For the first answer. */
  waitedMs = 0;
  private timesAsked = 0;
  private readonly deps: AnalyzeDeps;
  private readonly place: Place;

  constructor(deps: AnalyzeDeps, place: Place) {
    this.deps = deps;
    this.place = place;
  }

  async infer(request: InferenceRequest, signal: AbortSignal): Promise<Inference> {
    const { host, metrics } = this.deps;
    const isRepair = this.timesAsked > 0;
    this.timesAsked += 1;
    const queuedAt = performance.now();
    const inference = await host.lanes.run({ image: this.place, isNext: isRepair }, signal, () => {
      const waitedMs = performance.now() - queuedAt;
      metrics.laneWait.observe(waitedMs / 1000);
      if (!isRepair) this.waitedMs = waitedMs;
      return host.provider.infer(request, signal);
    });
    await turnForChecking();
    return inference;
  }
}

/** Waiting heartbeats and can be cancelled exactly like running: by Temporal, and at once when the image is given back. */
function whileStaged(
  deps: AnalyzeDeps,
  place: Place,
  work: (signal: AbortSignal) => Promise<GoodAnswer>,
): Promise<GoodAnswer> {
  const record = recordSchema.safeParse(activityInfo().heartbeatDetails).data ?? { failures: 0, overloads: 0 };
  const { places } = deps.host;
  return withHeartbeat(
    heartbeatEveryMs,
    () => record,
    async (cancelled) => {
      const linked = linkSignals(cancelled, place.released.signal);
      try {
        return await places.using(place, () => work(linked.signal));
      } catch (error) {
        if (place.released.signal.aborted) throw place.released.signal.reason;
        if (error instanceof VisionError) throw await explain(deps, place, error, record);
        throw error;
      } finally {
        linked.stop();
      }
    },
  );
}

/** Whose fault was it: the server's, this call's, or is the server gone? */
async function explain(deps: AnalyzeDeps, place: Place, error: VisionError, record: AttemptRecord): Promise<Failure> {
  const { host, metrics, recordAttempt } = deps;
  const { kind, scope, message } = error;
  metrics.inferences.observe({ outcome: kind }, 0);
  if (kind === 'overloaded') {
    const overloads = record.overloads + 1;
    await recordOutcome(recordAttempt, { ...record, overloads });
    const delayMs = overloadDelayMs(overloads, error.retryAfterMs, Math.random());
    return new Failure('VisionOverloaded', message, { retryDelayMs: delayMs, cause: error });
  }
  // it may have been the only one
  if (kind === 'model-missing') host.models.forget();
  const mayBeGone = scope !== 'analysis' || kind === 'model-missing';
  // a door before the server may let a look at its health through, and no inference
  const isShut = scope === 'host' && kind === 'protocol';
  if (mayBeGone && (!(await host.health.check()) || isShut)) {
    host.places.release(place.key);
    return unavailable(host.name, host.health.problem ?? message);
  }
  if (scope === 'analysis') return new Failure('VisionRefused', message, { cause: error });
  const failures = record.failures + 1;
  await recordOutcome(recordAttempt, { failures, overloads: 0 });
  const code: FailureCode = kind === 'timeout' ? 'VisionTimeout' : 'VisionFailed';
  return new Failure(code, message, {
    isFinal: failures >= deps.inferenceAttempts,
    retryDelayMs: retryDelayMs * failures,
    cause: error,
  });
}

function countGood(metrics: Metrics, { inferences, verdicts, qaMs }: GoodAnswer): void {
  for (const { timings, usage } of inferences) {
    metrics.inferences.observe({ outcome: 'ok' }, timings.totalMs / 1000);
    metrics.tokens.inc({ kind: 'prompt' }, usage.promptTokens ?? 0);
    metrics.tokens.inc({ kind: 'output' }, usage.outputTokens ?? 0);
  }
  metrics.qaTime.observe(qaMs / 1000);
  for (const stage of qaStages) metrics.qaVerdicts.inc({ stage, verdict: verdicts[stage] });
}

function countIssues(metrics: Metrics, issues: readonly Issue[]): void {
  for (const { stage, rule, action } of issues) metrics.qaIssues.inc({ stage, rule, action });
}
