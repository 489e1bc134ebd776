import { nowMs } from '../clock.ts';
import type { Exchange } from '../exchange.ts';
import type { AnswerWriter } from '../inference-handler.ts';
import { TextStream } from '../text-stream.ts';
import { finished, unfinished, type TextField } from './replies.ts';

interface AnswerStart {
  readonly exchange: Exchange;
  readonly model: string;
  readonly text: TextField;
  readonly readAtMs: number;
}

/** Said when the runner dies in the middle of an answer. */
const RUNNER_DIED = { error: 'an error was encountered while running the model: unexpected EOF' };

/** A line per piece. Headers go out with the first line, so that errors before it still have their status. */
export function streamedAnswer({ exchange, model, text, readAtMs }: AnswerStart): AnswerWriter {
  const lines = new TextStream(exchange, 'application/x-ndjson');
  const line = (value: unknown): void => lines.write(`${JSON.stringify(value)}\n`);
  return {
    write: (event) => {
      if (event.kind === 'error' && !exchange.hasBegun) {
        exchange.json(500, RUNNER_DIED);
        return 500;
      }
      if (event.kind === 'piece') line(unfinished(model, text, event.text));
      if (event.kind === 'error') line(RUNNER_DIED);
      if (event.kind === 'end') line(finished(model, text, '', { ...event, totalMs: nowMs() - readAtMs }));
      if (event.kind !== 'piece') lines.end();
      return 200;
    },
  };
}

/** Everything at the end. An answer that is not done is a success here too: the real server says 200. */
export function wholeAnswer({ exchange, model, text, readAtMs }: AnswerStart): AnswerWriter {
  let whole = '';
  return {
    write: (event) => {
      switch (event.kind) {
        case 'piece':
          whole += event.text;
          return undefined;
        case 'error':
          exchange.json(500, RUNNER_DIED);
          return 500;
        case 'incomplete':
          exchange.json(200, unfinished(model, text, whole));
          return 200;
        case 'end':
          exchange.json(200, finished(model, text, whole, { ...event, totalMs: nowMs() - readAtMs }));
          return 200;
      }
    },
  };
}
