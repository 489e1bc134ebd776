import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CompletionNode, treeOf } from '../../../client/cli/completion/tree.ts';
import { type Shell, shells } from '../../../client/cli/completion/scripts.ts';
import { buildProgram } from '../../../client/cli/program.ts';
import { phases } from '../../../workflows/goflow/contracts/progress.ts';
import { runProgram } from '../../support/drivers/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietCli, tryOut } from './quiet-cli.ts';

const nodes = treeOf(buildProgram(quietCli().cli));

async function writeScript(shell: Shell): Promise<string> {
  const { code, stdout } = await tryOut(['completion', shell]);
  expect(code).toBe(0);
  const file = join(await temporaryFolder(), `gf25.${shell}`);
  await writeFile(file, stdout);
  return file;
}

/** What a TAB offers after these words; the last one is being typed. */
const inBash = (file: string, ...words: readonly string[]) =>
  ask(
    'bash',
    '--norc',
    '-c',
    `source "$0"; COMP_WORDS=(gf25 "$@"); COMP_CWORD=$#; _gf25; printf '%s\\n' "\${COMPREPLY[@]}"`,
    file,
    ...words,
  );

const inFish = (file: string, ...words: readonly string[]) =>
  ask('fish', '--no-config', '-c', `source $argv[1]; complete -C (string join ' ' -- gf25 $argv[2..])`, file, ...words);

async function ask(program: string, ...args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runProgram(program, args, {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter(Boolean)
    .sort();
}

const isThere = async (program: string) =>
  runProgram(program, ['--version'], {}).then(
    ({ code }) => code === 0,
    () => false,
  );
const has = Object.fromEntries(await Promise.all(shells.map(async (shell) => [shell, await isThere(shell)] as const)));

const others = ({ commands, argument }: CompletionNode) =>
  Array.isArray(argument) ? [...(argument as string[])] : commands.map(({ name }) => name);

describe.each([
  ['bash', inBash],
  ['fish', inFish],
] as const)('in %s', (shell, complete) => {
  test.skipIf(!has[shell])('every command offers what stands below it, and its options', async () => {
    const file = await writeScript(shell);
    for (const node of nodes.filter(({ argument }) => argument !== 'file')) {
      const words = node.path.split(' ').filter(Boolean);
      expect(await complete(file, ...words, ''), node.path).toEqual(others(node).sort());
      const flags = node.options.map(({ name }) => name).sort();
      expect(await complete(file, ...words, '--'), node.path).toEqual(flags);
    }
  });

  test.skipIf(!has[shell])('what follows an option is completed where it can be known', async () => {
    const file = await writeScript(shell);
    expect(await complete(file, 'projects', 'list', '--phase', '')).toEqual([...phases].sort());
    expect(await complete(file, 'projects', 'list', '--json', '--phase', 'hol')).toEqual(['holding']);
    expect(await complete(file, '--json', 'projects', 'list', '--phase', 'hol')).toEqual(['holding']);
    expect(await complete(file, 'projects', 'retry', 'an-id', '--step', '')).toEqual(['report']);
    expect(await complete(file, 'projects', 'list', '--client', '')).toEqual([]);
    expect(await complete(file, 'completion', 'z')).toEqual(['zsh']);
    expect(await complete(file, 'submit', file.slice(0, -3))).toEqual([file]);
    expect(await complete(file, 'projects', 'report', 'an-id', '--out', file.slice(0, -3))).toEqual([file]);
  });
});

test.skipIf(!has['bash'])('in bash a value is completed behind "=", too, however bash splits the words', async () => {
  const file = await writeScript('bash');
  const list = ['projects', 'list'];
  expect(await inBash(file, ...list, '--phase', '=', 'ho')).toEqual(['holding']);
  expect(await inBash(file, ...list, '--phase', '=')).toEqual([...phases].sort());
  expect(await inBash(file, ...list, '--phase=ho')).toEqual(['--phase=holding']);
  expect(await inBash(file, ...list, '--client', '=', 'ho')).toEqual([]);
  expect(await inBash(file, ...list, '--phase', '=', 'holding', '--js')).toEqual(['--json']);
});

test.skipIf(!has['bash'])('bash uses it for gf25', async () => {
  const file = await writeScript('bash');
  const { stdout } = await runProgram('bash', ['--norc', '-c', 'source "$0"; complete -p gf25', file], {});
  expect(stdout).toBe('complete -F _gf25 gf25\n');
});

test.skipIf(!has['zsh'])('zsh understands its script', async () => {
  expect(await runProgram('zsh', ['-f', '-n', await writeScript('zsh')], {})).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});

test('a shell that is not known is refused', async () => {
  const { code, stderr } = await tryOut(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
