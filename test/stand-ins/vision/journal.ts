import { closeSync, openSync, writeSync } from 'node:fs';
import { nowMs } from './clock.ts';
import type { CallListener } from './records.ts';

/** A file of JSON lines, one per event: `{event, atMs, ...}`, times of `nowMs()`. */
export interface Journal {
  readonly note: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly noteCall: CallListener;
  readonly close: () => void;
}

/** Each line is written at once, so that nothing is missing when the process is killed. */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { note: () => undefined, noteCall: () => undefined, close: () => undefined };
  const file = openSync(path, 'a');
  let isOpen = true;
  const note: Journal['note'] = (event, fields) => {
    if (isOpen) writeSync(file, `${JSON.stringify({ event, atMs: nowMs(), ...fields })}\n`);
  };
  return {
    note,
    noteCall: (event, { prompt: _prompt, messages: _messages, ...record }) => {
      // The line about the end has its time.
      if (event !== 'first-byte') note(event, record);
    },
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
