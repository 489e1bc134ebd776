import type { InferenceEvent } from '../engine/inference.ts';

/** How an endpoint writes text: chat puts it into a message, generate into `response`. */
export type TextField = (text: string) => Readonly<Record<string, unknown>>;

export const chatText: TextField = (content) => ({ message: { role: 'assistant', content } });
export const generateText: TextField = (response) => ({ response });

export type EndEvent = Extract<InferenceEvent, { kind: 'end' }>;

/** One line of a stream, or a whole answer that is not done. */
export function unfinished(model: string, text: TextField, piece: string): Record<string, unknown> {
  return { model, created_at: new Date().toISOString(), ...text(piece), done: false };
}

/** The last line of a stream, or a whole answer. Durations are nanoseconds; the server leaves zeros out. */
export function finished(
  model: string,
  text: TextField,
  whole: string,
  end: Pick<EndEvent, 'usage' | 'timings' | 'finish'> & { readonly totalMs: number },
): Record<string, unknown> {
  const { usage, timings } = end;
  const metrics = {
    total_duration: nanoseconds(end.totalMs),
    load_duration: nanoseconds(timings.loadMs),
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(timings.promptMs),
    eval_count: usage.outputTokens,
    eval_duration: nanoseconds(timings.outputMs),
  };
  return {
    ...unfinished(model, text, whole),
    done: true,
    done_reason: end.finish,
    ...Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== 0)),
  };
}

/** What a call without messages gets. */
export function loadReply(model: string, text: TextField, reason: 'load' | 'unload'): Record<string, unknown> {
  return { ...unfinished(model, text, ''), done: true, done_reason: reason };
}

function nanoseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1e6));
}
