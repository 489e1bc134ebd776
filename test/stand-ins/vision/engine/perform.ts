import { orAbort } from '../or-abort.ts';
import { nowMs, sleepUntil } from '../clock.ts';
import type { ScriptAction } from '../script.ts';
import type { InferenceEvent } from './inference.ts';
import type { AnswerPlan } from './plan.ts';
import type { SlotLease } from './slots.ts';
import type { PromptTokens } from './tokens.ts';

/**
 * Gives an answer in time: every step aims at a moment counted from the start, so that what preparing it cost is
 * part of the latency and not added to it.
 */
export async function* performAnswer(input: {
  readonly plan: AnswerPlan;
  readonly slot: SlotLease;
  readonly loadMs: number;
  readonly tokens: PromptTokens;
  readonly signal: AbortSignal;
}): AsyncGenerator<InferenceEvent, void, undefined> {
  const { plan, slot, loadMs, tokens, signal } = input;
  const { pieces, action, outputMs, outputTokens } = plan;
  if (action?.kind === 'hang' && action.phase === 'before-headers') await hang(action.ms, signal);
  const promptEndMs = slot.startedAtMs + plan.promptMs;
  await sleepUntil(promptEndMs, signal);
  slot.remember();
  const half = Math.ceil(pieces.length / 2);
  for (let index = 0; index <= pieces.length; index += 1) {
    const fault = index === half ? await interrupt(action, signal) : undefined;
    if (fault) {
      yield fault;
      return;
    }
    // One step more than there are pieces: the last line comes by itself, at the end.
    await sleepUntil(promptEndMs + (outputMs * (index + 1)) / (pieces.length + 1), signal);
    const text = pieces[index];
    if (text !== undefined) yield { kind: 'piece', text };
  }
  const timings = { loadMs, promptMs: plan.promptMs, outputMs: nowMs() - promptEndMs };
  const usage = { promptTokens: tokens.all, cachedTokens: slot.encoded ? 0 : tokens.ofImages, outputTokens };
  yield { kind: 'end', finish: plan.finish, usage, timings };
}

/** What the script wants in the middle of the answer. */
async function interrupt(action: ScriptAction | undefined, signal: AbortSignal): Promise<InferenceEvent | undefined> {
  if (action?.kind === 'error-line') return { kind: 'error' };
  if (action?.kind === 'incomplete') return { kind: 'incomplete' };
  if (action?.kind === 'reset') return { kind: 'reset' };
  if (action?.kind === 'hang' && action.phase === 'mid-stream') await hang(action.ms, signal);
  return undefined;
}

async function hang(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms === undefined) await orAbort(new Promise<never>(() => undefined), signal);
  else await sleepUntil(nowMs() + ms, signal);
}
