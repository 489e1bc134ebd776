import { wordSchemas, type Spoken, type Word } from '../contracts/messages.ts';
import type { ProjectState } from './project-state.ts';

/** What becomes of an operator's word: pure, so that an update can refuse in its validator and a signal in its handler. */
export type Judgement =
  | { readonly legal: true; readonly spoken: Spoken; readonly message: string }
  | { readonly legal: false; readonly reason: string };

/**
 * The one place that knows which word is legal when.
 *
 * @param input whatever arrived: nothing, wrong JSON or an undecodable payload included
 */
export function judge(state: ProjectState, word: Word, input: unknown): Judgement {
  const parsed = wordSchemas[word].safeParse(input);
  if (!parsed.success) return illegal(describeFaults(parsed.error.issues, input));
  if (state.step === 'over') return illegal('the project is over');
  // zod keeps schema and word together; the compiler cannot follow that through the index
  const spoken = { word, input: parsed.data } as Spoken;
  const verdict = rules[word](state, spoken as never);
  return 'message' in verdict ? { legal: true, spoken, message: verdict.message } : illegal(verdict.refusal);
}

type Rule<W extends Word> = (
  state: ProjectState,
  spoken: Extract<Spoken, { word: W }>,
) => { readonly message: string } | { readonly refusal: string };

const rules: { readonly [W in Word]: Rule<W> } = {
  retry(state, { input }) {
    if ('step' in input) return retryReport(state);
    const refusal = unknownId(state, input);
    if (refusal !== undefined) return { refusal };
    if (state.hold?.kind === 'processing' || state.hold?.kind === 'completed')
      return { message: `the status "${state.hold.kind}" is sent again` };
    if (state.step !== 'analysing') return { refusal: 'nothing can be retried in this phase' };
    return retryCombinations(state, input);
  },
  accept(state) {
    if (state.hold?.kind === 'failed-combinations') return { message: 'the project completes without what failed' };
    if (state.hold) return { refusal: `the project holds because of the ${state.hold.kind}: retry or cancel` };
    return { refusal: 'only a project that holds with failed combinations can be accepted' };
  },
  pause(state) {
    if (state.paused) return { message: 'already paused' };
    if (state.hold?.kind === 'failed-combinations') return { refusal: 'the project holds: nothing runs' };
    if (state.step === 'completing') return { refusal: 'every combination is reported: there is nothing to pause' };
    return { message: 'paused: what runs ends and is reported' };
  },
  resume: (state) => (state.paused ? { message: 'resumed' } : { refusal: 'the project is not paused' }),
  cancel: () => ({ message: 'cancelled: nothing more is sent to GoFlow' }),
};

function retryReport(state: ProjectState) {
  if (state.hold?.kind === 'report') return { message: 'the stored report is sent again' };
  if (state.step === 'completing' && state.waitingForGoflow?.call === 'report')
    return { message: 'the stored report is sent now' };
  return { refusal: 'the project does not wait for its report' };
}

interface Which {
  readonly mediaId?: string | undefined;
  readonly analysisId?: string | undefined;
}

/** A mistyped id must not become "retry everything". */
function unknownId({ job }: ProjectState, { mediaId, analysisId }: Which): string | undefined {
  if (mediaId !== undefined && !job.media.some(({ id }) => id === mediaId))
    return `mediaId: ${mediaId} is not an image of this project`;
  if (analysisId !== undefined && !job.analyses.some(({ id }) => id === analysisId))
    return `analysisId: ${analysisId} is not an analysis of this project`;
  return undefined;
}

function retryCombinations(state: ProjectState, { mediaId, analysisId }: Which) {
  const matching = state.combinations
    .failures()
    .filter((failure) => (mediaId ?? failure.mediaId) === failure.mediaId)
    .filter((failure) => (analysisId ?? failure.outcome.analysisId) === failure.outcome.analysisId);
  if (matching.length > 0) return { message: `${matching.length} failed combination(s) run again` };
  if (mediaId !== undefined && state.combinations.isRunning(mediaId))
    return { message: 'the image still runs: what fails in it runs again once it has ended' };
  return { refusal: 'nothing that failed matches' };
}

/** What was given may be in it, and that may be megabytes: more than Temporal takes back. */
const maxReason = 500;

const illegal = (reason: string): Judgement => ({ legal: false, reason: reason.slice(0, maxReason) });

function describeFaults(issues: readonly { path: PropertyKey[]; message: string }[], input: unknown): string {
  if (input === undefined) return 'no input: one JSON object is expected, such as {}';
  if (typeof input === 'object' && input !== null && 'gf25Undecodable' in input)
    return `the payload cannot be decoded: ${String(input.gf25Undecodable)}`;
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
}
