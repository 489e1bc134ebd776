import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const sources = join(repository, 'activities', 'vision');

/**
 * One call that its caller leaves, one that must be answered behind it, and no `close`: a process that prints and ends
 * shows that threads hold it exactly as long as someone waits.
 */
function program(entry: string): string {
  return `import { createEmbeddedProvider } from ${JSON.stringify(pathToFileURL(entry).href)};
    const provider = createEmbeddedProvider();
    const leaving = new AbortController();
    provider.health(leaving.signal).catch(() => {});
    leaving.abort();
    console.log((await provider.health(new AbortController().signal)).version);`;
}

let compiled: string;

/** Compiles as the build does, file by file; node_modules is found by a link. */
async function compile(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of (await readdir(from)).filter((file) => file.endsWith('.ts'))) {
    const { outputText } = ts.transpileModule(await readFile(join(from, name), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    await writeFile(join(to, name.replace(/ts$/, 'js')), outputText);
  }
}

beforeAll(async () => {
  compiled = await mkdtemp(join(tmpdir(), 'gf25-embedded-'));
  await writeFile(join(compiled, 'package.json'), '{"type":"module"}');
  await symlink(join(repository, 'node_modules'), join(compiled, 'node_modules'));
  await compile(sources, join(compiled, 'vision'));
  await compile(join(sources, 'embedded'), join(compiled, 'vision', 'embedded'));
});
afterAll(() => rm(compiled, { recursive: true }));

describe('the detector thread', () => {
  it('runs from compiled JavaScript, and an idle one lets the process end', async () => {
    const code = program(join(compiled, 'vision', 'embedded', 'index.js'));
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: tmpdir() });
    expect(stdout).toContain('embedded centernet-coco');
  });

  it('runs from TypeScript under tsx, from any working directory', async () => {
    const code = program(join(sources, 'embedded', 'index.ts'));
    const tsx = import.meta.resolve('tsx');
    const { stdout } = await run(process.execPath, ['--import', tsx, '--input-type=module', '-e', code], {
      cwd: tmpdir(),
    });
    expect(stdout).toContain('embedded centernet-coco');
  });
});
