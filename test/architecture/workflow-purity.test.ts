import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';

/** Judged as if it stood there; nothing is written. */
const place = join(projectRoot, 'workflows/goflow/steps/plan.ts');

describe('the compiler knows in workflow code', () => {
  test('the language and Temporal', () => {
    expect(compile(`import { sleep } from '@temporalio/workflow';\nexport const w = () => sleep(Date.now());`)).toEqual(
      [],
    );
  });

  test.each(['process', 'fetch', 'Buffer', 'setTimeout', 'setImmediate', 'require', 'performance'])('no %s', (name) => {
    expect(compile(`export const found: unknown = ${name};`)).toEqual([
      expect.stringContaining(`Cannot find name '${name}'`),
    ]);
  });

  test('no module of Node', () => {
    expect(compile(`import { readFile } from 'node:fs/promises';\nexport { readFile };`)).toEqual([
      expect.stringContaining('node:fs/promises'),
    ]);
  });
});

describe('the linter refuses in workflow code', () => {
  const eslint = new ESLint({ cwd: projectRoot });
  const rulesAgainst = async (code: string) => {
    const [result] = await eslint.lintText(code, { filePath: place });
    return result?.messages.map(({ ruleId }) => ruleId);
  };

  test('nothing that is pure', async () => {
    expect(
      await rulesAgainst(
        `import { sleep } from '@temporalio/workflow';\nimport { z } from 'zod';\nexport const w = () => sleep(z.int().parse(1));\n`,
      ),
    ).toEqual([]);
  });

  test.each(['node:fs', 'fs', 'pino', '@temporalio/activity', '@temporalio/workflow-extras', 'zod-extras'])(
    'an import of %s',
    async (specifier) => {
      expect(await rulesAgainst(`import '${specifier}';\n`)).toContain('no-restricted-imports');
      expect(await rulesAgainst(`export type * from '${specifier}';\n`)).toContain('no-restricted-imports');
    },
  );

  test.each(['process', 'fetch', 'Buffer'])('the global %s', async (name) => {
    expect(await rulesAgainst(`export const found: unknown = ${name};\n`)).toContain('no-restricted-globals');
  });
});

/** What the compiler says against a file of `workflows/` with this text. */
function compile(text: string): string[] {
  const diskHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(projectRoot, 'workflows/tsconfig.json'), {}, diskHost);
  if (config === undefined) throw new Error('workflows/tsconfig.json cannot be read');
  const { options } = config;
  const host = ts.createCompilerHost(options);
  const readFromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (path, version, ...rest) =>
    path === place ? ts.createSourceFile(path, text, version) : readFromDisk(path, version, ...rest);
  const program = ts.createProgram([place], { ...options, noEmit: true }, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(place))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
