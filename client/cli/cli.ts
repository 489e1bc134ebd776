import type { Readable } from 'node:stream';
import pc from 'picocolors';
import type { Action } from '../audit/action.ts';
import type { Temporal } from '../operations/ask-temporal.ts';
import type { AuditedActions } from './audit-actions.ts';

export type Colours = ReturnType<typeof pc.createColors>;

/** What a verb has to do with the outside. */
export interface Cli {
  readonly out: (text: string) => void;
  /** All that comes through stdin, once it has ended. */
  readonly input: () => Promise<string>;
  readonly err: (text: string) => void;
  /** Columns of the terminal; undefined where nobody looks on. */
  readonly columns: number | undefined;
  readonly colours: Colours;
  /** Connects, works, disconnects. @throws {TemporalUnreachableError} */
  withTemporal<T>(work: (temporal: Temporal) => Promise<T>): Promise<T>;
  /** Does what changes something, and leaves a record of it. @throws {AuditUnavailableError} it is not done */
  perform<T>(action: Action, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** Set to 1 by a verb that has answered, but with bad news. */
  exitCode: number;
}

/** One JSON document on stdout and nothing else, or the text that is made for people. */
export function answer(cli: Cli, { json }: { readonly json?: true }, document: unknown, text: () => string): void {
  cli.out(`${json ? JSON.stringify(document) : text()}\n`);
}

/** Works, and tidies up first when Ctrl-C ends the process meanwhile: it still ends by the signal, as a shell expects. */
export async function tidyOnInterrupt<T>(tidy: () => void, work: () => Promise<T>): Promise<T> {
  const onInterrupt = () => {
    tidy();
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', onInterrupt);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** What is used of a stream of this process. Node types `isTTY` as always there: in a pipe it is not. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Connections are made, and the audit is opened, when a verb needs it. */
export function createCli(stdin: Readable, stdout: Stream, stderr: Stream): Cli {
  const isTerminal = stdout.isTTY ?? false;
  const err = (text: string) => void stderr.write(text);
  let actions: AuditedActions | undefined;
  return {
    out: (text) => void stdout.write(text),
    input: async () => {
      const { text } = await import('node:stream/consumers');
      return text(stdin);
    },
    err,
    columns: isTerminal ? stdout.columns : undefined,
    colours: pc.createColors(isTerminal && pc.isColorSupported),
    exitCode: 0,
    async withTemporal(work) {
      const [{ readTarget }, { connectTemporal }] = await Promise.all([
        import('./read-target.ts'),
        import('../temporal.ts'),
      ]);
      const temporal = await connectTemporal(readTarget());
      try {
        return await work(temporal);
      } finally {
        await temporal.close();
      }
    },
    async perform(action, work) {
      actions ??= (await import('./audit-actions.ts')).auditActions(err);
      return actions.perform(action, work);
    },
    close: async () => actions?.close(),
  };
}
