import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';

/**
 * The audit is tamper-evident: each line of a file names the SHA-256 of the line before it, and the first line of each
 * file names what the other files held when it was begun. Whoever changes, moves or removes a record, or a file, would
 * have to write everything after it anew. Only what no later line has seen yet, the end of the newest file, has no
 * witness; a note of its last digest elsewhere is one.
 */

/** What a file held when another one was begun. */
const witnessedSchema = z.object({
  file: z.string(),
  sizeBytes: z.int().positive(),
  /** SHA-256 of its last line. */
  head: z.string(),
});
export type Witnessed = z.infer<typeof witnessedSchema>;

export const linkSchema = z.object({ prev: z.string().nullable() });
export const firstLineSchema = z.object({ prev: z.null(), witnessed: z.array(witnessedSchema) });

export const digestOfLine = (line: string) => createHash('sha256').update(line).digest('hex');

export const isAuditFile = (name: string) => name.endsWith('.jsonl');

/** What a new file has to witness: all others in the folder, but for those that another has witnessed as they are. */
export async function unwitnessed(folder: string): Promise<Witnessed[]> {
  const files = (await readdir(folder)).filter(isAuditFile).sort();
  const limit = pLimit(readsAtOnce);
  const seen = new Map<string, number>();
  for (const witnessed of await limit.map(files, (file) => witnessedBy(join(folder, file))))
    for (const { file, sizeBytes } of witnessed) seen.set(file, Math.max(sizeBytes, seen.get(file) ?? 0));
  const heads = await limit.map(files, async (file) => {
    const head = await headOf(join(folder, file), seen.get(file) ?? 0);
    return head && { file, ...head };
  });
  return heads.filter((head) => head !== undefined);
}

/** Thousands of small files may be there: each call of the CLI begins one. */
export const readsAtOnce = 16;
const maxLineBytes = 1024 * 1024;

async function witnessedBy(path: string): Promise<readonly Witnessed[]> {
  const start = await readPart(path, 0, maxLineBytes);
  const end = start.indexOf('\n');
  return end < 0 ? [] : (firstLineSchema.safeParse(parsed(start.subarray(0, end).toString())).data?.witnessed ?? []);
}

/** The last whole line, unless it ends where somebody has seen it end. */
async function headOf(path: string, seenBytes: number): Promise<Omit<Witnessed, 'file'> | undefined> {
  const { size } = await stat(path);
  if (size <= seenBytes) return undefined;
  const from = Math.max(0, size - maxLineBytes);
  const tail = await readPart(path, from, maxLineBytes);
  const end = tail.lastIndexOf('\n');
  const sizeBytes = from + end + 1;
  if (end < 0 || sizeBytes <= seenBytes) return undefined;
  const start = tail.lastIndexOf('\n', end - 1) + 1;
  return { sizeBytes, head: digestOfLine(tail.subarray(start, end).toString()) };
}

async function readPart(path: string, position: number, maxBytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const length = Math.min(maxBytes, Math.max(0, (await file.stat()).size - position));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // whoever asks finds out by the shape
    return undefined;
  }
}
