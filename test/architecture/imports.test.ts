import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ICruiseResult, IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';

const config = join(projectRoot, '.dependency-cruiser.cjs');
const program = join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const rooms = ['activities', 'bench', 'client', 'config', 'test', 'tools', 'workers', 'workflows'];

/** The rule, a file that breaks it, and what that file imports. */
const forbidden: [rule: string, file: string, imports: string][] = [
  ['workflows-are-pure', 'workflows/goflow/steps/p.ts', 'node:fs'],
  ['workflows-are-pure', 'workflows/goflow/contracts/p.ts', '@temporalio/activity'],
  ['workflows-are-pure', 'workflows/goflow/p.ts', 'pino'],
  ['workflows-are-pure', 'workflows/goflow/p2.ts', '../../activities/shared/x.ts'],
  ['workflows-are-pure', 'workflows/goflow/p3.ts', '../../config/x.ts'],
  ['workflows-are-pure', 'workflows/goflow/p4.ts', '../../workers/x.ts'],
  ['workflows-are-pure', 'workflows/goflow/p5.ts', '../../client/operations/x.ts'],
  ['contracts-stand-alone', 'workflows/goflow/contracts/p2.ts', '../steps/x.ts'],
  ['shared-workflow-code-is-general', 'workflows/shared/p.ts', '../goflow/contracts/x.ts'],
  ['only-contracts-leave-workflows', 'client/operations/p.ts', '../../workflows/goflow/steps/x.ts'],
  ['only-contracts-leave-workflows', 'activities/goflow/p.ts', '../../workflows/goflow/steps/x.ts'],
  ['activities-get-what-they-need', 'activities/goflow/p2.ts', '../../config/x.ts'],
  ['activities-get-what-they-need', 'activities/shared/p.ts', '../../workers/x.ts'],
  ['parts-of-activities-are-general', 'activities/vision/p.ts', '../goflow/x.ts'],
  ['shared-activities-are-the-floor', 'activities/shared/p2.ts', '../vision/x.ts'],
  ['config-is-read-not-run', 'config/p.ts', '../activities/shared/x.ts'],
  ['client-knows-only-contracts', 'client/cli/p.ts', '../../activities/shared/x.ts'],
  ['client-knows-only-contracts', 'client/http/p.ts', '../../workers/x.ts'],
  ['operations-are-shown-by-others', 'client/operations/p2.ts', '../cli/x.ts'],
  ['cli-and-api-are-neighbours', 'client/http/p2.ts', '../cli/x.ts'],
  ['workers-put-together', 'workers/p.ts', '../client/cli/x.ts'],
  ['workers-put-together', 'workers/p2.ts', '../tools/x.ts'],
  ['processes-are-started-not-imported', 'tools/p.ts', '../workers/main.ts'],
  ['only-harnesses-use-stand-ins', 'bench/p.ts', '../test/support/x.ts'],
  ['stand-ins-are-for-harnesses', 'tools/local/p.ts', '../../test/stand-ins/x.ts'],
  ['stand-ins-are-for-harnesses', 'workers/p3.ts', '../test/stand-ins/x.ts'],
  ['stand-ins-share-no-code', 'test/stand-ins/p.ts', '../../activities/shared/x.ts'],
  ['stand-ins-share-no-code', 'test/stand-ins/p2.ts', '../support/x.ts'],
  ['one-way-to-speak-http', 'activities/goflow/p3.ts', 'undici'],
  ['no-cycles', 'config/p2.ts', './p2.ts'],
  ['no-tools-in-the-product', 'workers/p4.ts', 'vitest'],
  ['no-unknown-modules', 'tools/p2.ts', './nowhere.ts'],
];

const allowed: [file: string, imports: string][] = [
  ['workflows/goflow/q.ts', '@temporalio/workflow'],
  ['workflows/goflow/q2.ts', 'zod'],
  ['activities/goflow/q.ts', '../../workflows/goflow/contracts/x.ts'],
  ['client/cli/q.ts', '../operations/x.ts'],
  ['workers/q.ts', '../activities/goflow/x.ts'],
  ['tools/demo/q.ts', '../../test/stand-ins/x.ts'],
  ['bench/q.ts', '../test/stand-ins/x.ts'],
  ['test/activities/q.ts', '../../activities/goflow/x.ts'],
];

test('the tree keeps the rules', async () => {
  expect(await violations(projectRoot, rooms)).toEqual([]);
});

test('every rule has an example here', () => {
  const rules = (createRequire(import.meta.url)(config) as { forbidden: IForbiddenRuleType[] }).forbidden;
  expect([...new Set(forbidden.map(([rule]) => rule))].sort()).toEqual(rules.map(({ name }) => name).sort());
});

describe('of a tree that breaks every rule', () => {
  /** Types count like code. */
  let found: Record<'code' | 'types', Map<string, string[]>>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gf25-unit-'));
    found = { code: await judge(folder, 'import { x }'), types: await judge(folder, 'import type { x }') };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(forbidden)('%s: %s may not import %s', (rule, file) => {
    expect(found.code.get(file)).toContain(rule);
    expect(found.types.get(file)).toContain(rule);
  });

  test.each(allowed)('%s may import %s', (file) => {
    expect(found.code.get(file)).toBeUndefined();
    expect(found.types.get(file)).toBeUndefined();
  });
});

/** Writes all examples as one small tree; the names of the rules that each file breaks. */
async function judge(folder: string, importWords: string): Promise<Map<string, string[]>> {
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await cp(join(projectRoot, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  await cp(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  const examples = [...forbidden.map(([, file, imports]) => ({ file, imports }))].concat(
    allowed.map(([file, imports]) => ({ file, imports })),
  );
  for (const { file, imports } of examples) {
    await write(file, `${importWords} from '${imports}';\nexport const y = (z: typeof x) => z;\nexport { x };\n`);
    if (imports.startsWith('.')) {
      const target = join(dirname(file), imports);
      const isExample = examples.some((example) => example.file === target);
      if (!isExample && !target.endsWith('nowhere.ts')) await write(target, 'export const x = 1;\n');
    } else if (!imports.startsWith('node:')) {
      await write(`node_modules/${imports}/package.json`, `{ "name": "${imports}", "main": "index.js" }`);
      await write(`node_modules/${imports}/index.js`, 'exports.x = 1;\n');
    }
  }
  const broken = new Map<string, string[]>();
  for (const { from, rule } of await violations(folder, rooms)) {
    broken.set(from, [...(broken.get(from) ?? []), rule.name]);
  }
  return broken;
}

async function violations(folder: string, sources: readonly string[]) {
  const args = [program, '--config', config, '--output-type', 'json', ...sources];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(stdout) as ICruiseResult).summary.violations;
}
