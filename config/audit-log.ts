import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfLine, unwitnessed } from './audit-chain.ts';
import { makeFolder } from './make-folder.ts';
import type { Redact } from './redact.ts';

/** Where the processes that share a state directory keep their audit, and where `gf25 audit verify` looks for it. */
export const auditFolderIn = (stateFolder: string): string => join(stateFolder, 'audit');

export interface AuditLogOptions {
  readonly folder: string;
  /** What is recorded: the beginning of the files' names. */
  readonly name: string;
  readonly redact: Redact;
  /** A file that has grown so large is followed by the next one. Default 64 MiB. */
  readonly maxFileBytes?: number;
}

export interface AuditLog<R extends object> {
  /** Opens the file of the next record. @throws Error of the file system: a record could not be written now */
  prepare(): Promise<void>;
  /** @throws Error of the file system: the record is not written */
  record(record: R): Promise<void>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly day: string;
  sizeBytes: number;
  /** SHA-256 of the last line. */
  head: string;
}

const defaultMaxFileBytes = 64 * 1024 * 1024;

/**
 * One JSON line per record, chained as `audit-chain.ts` says; a new file for each process, day and 64 MiB, so that
 * several processes may share the folder.
 */
export function openAuditLog<R extends object>(options: AuditLogOptions): AuditLog<R> {
  const { folder, name, redact, maxFileBytes = defaultMaxFileBytes } = options;
  let current: OpenFile | undefined;
  let files = 0;
  let last: Promise<unknown> = Promise.resolve();

  const append = async (file: OpenFile, fields: object, prev: string | null) => {
    const line = redact(JSON.stringify({ ...fields, prev }));
    await file.handle.appendFile(`${line}\n`);
    file.sizeBytes += Buffer.byteLength(line) + 1;
    file.head = digestOfLine(line);
  };

  const begin = async (at: string): Promise<OpenFile> => {
    await closeCurrent();
    await makeFolder(folder);
    const witnessed = await unwitnessed(folder);
    files += 1;
    const day = at.slice(0, 10);
    const time = at.slice(11, 23).replaceAll(/\D/g, '');
    const path = join(folder, `${name}-${day}-${time}-${process.pid}-${files}.jsonl`);
    const handle = await open(path, 'ax');
    const file = { handle, day, sizeBytes: 0, head: '' };
    try {
      await append(file, { at, pid: process.pid, audit: name, witnessed }, null);
    } catch (error) {
      // on a full disk a name can still be made: a file without a beginning would look like one that was tampered with
      await handle.close();
      await rm(path);
      throw error;
    }
    return file;
  };

  const closeCurrent = async () => {
    const file = current;
    current = undefined;
    await file?.handle.close();
  };

  const fileFor = async (at: string): Promise<OpenFile> => {
    if (current?.day !== at.slice(0, 10) || current.sizeBytes >= maxFileBytes) current = await begin(at);
    return current;
  };

  const prepare = async () => {
    await fileFor(new Date().toISOString());
  };

  const write = async (record: R) => {
    const at = new Date().toISOString();
    const file = await fileFor(at);
    try {
      await append(file, { at, pid: process.pid, ...record }, file.head);
    } catch (error) {
      // half a line may be there, and nothing may follow it
      await closeCurrent();
      throw error;
    }
  };

  /** One after the other: each line names the one before. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    prepare: () => inTurn(prepare),
    record: (record) => inTurn(() => write(record)),
    close: () => inTurn(closeCurrent),
  };
}
