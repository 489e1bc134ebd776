import {
  connectionClosed,
  NOTHING,
  pause,
  reset,
  sendHalfAndReset,
  sendSlowly,
  sendWhole,
  type Delivery,
} from './deliver.ts';
import type { FaultAction } from './faults.ts';
import { jsonAnswer, type Answer } from './http.ts';
import type { IncomingCall } from './stand-in-server.ts';

/** The longest time a Node timer can wait (24.8 days): until the client leaves. */
const FOREVER_MS = 2 ** 31 - 1;

/** Answers a call with what `commit` makes of it, or with the fault in its way. */
export async function perform(
  { response, stopping }: Pick<IncomingCall, 'response' | 'stopping'>,
  action: FaultAction | undefined,
  commit: () => Promise<Answer>,
): Promise<Delivery> {
  switch (action?.kind) {
    case undefined:
      return sendWhole(response, await commit());
    case 'answer':
      return sendWhole(response, falseAnswer(action));
    case 'answer-after-commit':
      await commit();
      return sendWhole(response, falseAnswer(action));
    case 'reset':
      if (action.phase === 'mid-body') return sendHalfAndReset(response, await commit());
      if (action.phase === 'after-commit') await commit();
      reset(response);
      return NOTHING;
    case 'hang':
      if (action.phase === 'after-commit') await commit();
      await pause(action.ms ?? FOREVER_MS, connectionClosed(response));
      response.destroy();
      return NOTHING;
    case 'delay':
      return (await pause(action.ms, stopping)) ? sendWhole(response, await commit()) : NOTHING;
    case 'truncate':
      return sendWhole(response, firstHalf(await commit()));
    case 'drip':
      return sendSlowly(response, await commit(), action.bytesPerSecond);
  }
}

function falseAnswer(action: Extract<FaultAction, { status: number }>): Answer {
  const { status, body = { detail: `stand-in fault: ${status}` }, headers = {} } = action;
  if (typeof body === 'string') return { status, headers, body: Buffer.from(body) };
  return jsonAnswer(status, body, headers);
}

function firstHalf(answer: Answer): Answer {
  return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
}
