import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import {
  digestOfLine,
  firstLineSchema,
  isAuditFile,
  linkSchema,
  parsed,
  readsAtOnce,
  type Witnessed,
} from '../../config/audit-chain.ts';
import { NotFoundError } from './errors.ts';

export interface AuditReport {
  readonly intact: boolean;
  readonly folder: string;
  readonly files: readonly AuditFile[];
  readonly records: number;
  /** How many lines were looked for that somebody has noted down. */
  readonly expected: number;
  /** Each with its file, and its line where there is one. */
  readonly faults: readonly string[];
}

export interface AuditFile {
  readonly file: string;
  readonly records: number;
  /** SHA-256 of the last line: noted elsewhere, it proves later that nothing before it was changed. */
  readonly head: string;
  /** The process ended while it wrote the last line, which does not count. */
  readonly isCutOff: boolean;
}

/** The last line of a file as it once was, noted down where nobody could change it. */
export interface ExpectedHead {
  readonly head: string;
  /** Absent: in any file. */
  readonly file?: string | undefined;
}

/**
 * Whether the audit is as it was written: see `config/audit-chain.ts`. The end of the newest files has no witness there:
 * what was noted down is one.
 *
 * @throws {NotFoundError} without a folder
 */
export async function verifyAudit(folder: string, expected: readonly ExpectedHead[] = []): Promise<AuditReport> {
  const names = await filesIn(folder);
  const read = await pLimit(readsAtOnce).map(names, (name) => readAuditFile(folder, name));
  const byName = new Map(read.map((file) => [file.file, file]));
  const faults = [
    ...read.flatMap((file) => [
      ...faultsOfChain(file),
      ...file.witnessed.flatMap((witnessed) => faultsOfWitness(file.file, witnessed, byName.get(witnessed.file))),
    ]),
    ...faultsOfExpected(expected, read),
  ];
  const files = read.map(({ file, lines, isCutOff }) => {
    return { file, records: Math.max(0, lines.length - 1), head: digestOfLine(lines.at(-1) ?? ''), isCutOff };
  });
  const records = files.reduce((sum, file) => sum + file.records, 0);
  return { intact: faults.length === 0, folder, files, records, expected: expected.length, faults };
}

interface ReadFile {
  readonly file: string;
  readonly text: Buffer;
  /** Whole ones. */
  readonly lines: readonly string[];
  readonly witnessed: readonly Witnessed[];
  readonly isCutOff: boolean;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isAuditFile).sort();
  } catch (error) {
    const advice = 'Set GF25_STATE_DIR to the folder of the process whose audit is meant, or name it with --dir.';
    throw new NotFoundError(`there is no audit in ${folder}`, advice, { cause: error });
  }
}

async function readAuditFile(folder: string, file: string): Promise<ReadFile> {
  const text = await readFile(join(folder, file));
  const lines = text.toString().split('\n');
  const isCutOff = lines.pop() !== '';
  const witnessed = firstLineSchema.safeParse(parsed(lines[0] ?? '')).data?.witnessed ?? [];
  return { file, text, lines, witnessed, isCutOff };
}

function faultsOfChain({ file, lines }: ReadFile): string[] {
  if (lines.length === 0) return [`${file}: is empty`];
  return lines.flatMap((line, index) => {
    const at = `${file}:${index + 1}`;
    const link = linkSchema.safeParse(parsed(line)).data;
    if (!link) return [`${at}: is no record of the audit`];
    if (index === 0) return firstLineSchema.safeParse(parsed(line)).success ? [] : [`${at}: is not how a file begins`];
    const before = lines[index - 1] ?? '';
    return link.prev === digestOfLine(before)
      ? []
      : [`${at}: what stands before it was changed, or something is missing`];
  });
}

function faultsOfWitness(witness: string, { file, sizeBytes, head }: Witnessed, found: ReadFile | undefined): string[] {
  if (!found) return [`${file}: is missing: ${witness} has seen it`];
  if (found.text.length < sizeBytes) return [`${file}: was cut: ${witness} has seen ${sizeBytes} bytes of it`];
  const seen = found.text.subarray(0, sizeBytes - 1);
  const last = seen.subarray(seen.lastIndexOf('\n') + 1).toString();
  return digestOfLine(last) === head ? [] : [`${file}: is not what ${witness} has seen`];
}

function faultsOfExpected(expected: readonly ExpectedHead[], read: readonly ReadFile[]): string[] {
  if (expected.length === 0) return [];
  const digests = new Map(read.map(({ file, lines }) => [file, new Set(lines.map(digestOfLine))]));
  return expected.flatMap(({ head, file }) => {
    const among = file === undefined ? [...digests.values()] : [digests.get(file) ?? new Set()];
    if (among.some((ofFile) => ofFile.has(head))) return [];
    return [`${file ?? 'in no file'}: the expected line ${head} is gone: it was changed or cut off`];
  });
}
