import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditFolderIn } from '../../config/audit-log.ts';

export type AuditLine = Readonly<Record<string, unknown>>;

/** What the audit of a state directory holds, in the order of its files, without their first lines. */
export async function audited(stateFolder: string, name: 'goflow' | 'operators'): Promise<AuditLine[]> {
  const folder = auditFolderIn(stateFolder);
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    files
      .filter((file) => file.startsWith(`${name}-`))
      .sort()
      .map((file) => readFile(join(folder, file), 'utf8')),
  );
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean));
  return lines.map((line) => JSON.parse(line) as AuditLine).filter(({ audit }) => audit === undefined);
}
