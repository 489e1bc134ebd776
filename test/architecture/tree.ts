import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../config/project-root.ts';

/** Not ours, made by a run or private: what .gitignore names, and hidden folders such as .git. */
const isLeftOut = (folder: string) => folder.startsWith('.') || ['node_modules', 'dist'].includes(folder);
const isPrivate = (file: string) => file === '.env';

/** Every file of the repository, as paths from its root with forward slashes. No git is needed: an archive has none. */
export async function repositoryFiles(folder = ''): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(projectRoot, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile() && !isPrivate(entry.name)) files.push(path);
    else if (entry.isDirectory() && !isLeftOut(entry.name)) files.push(...(await repositoryFiles(path)));
  }
  return files;
}
