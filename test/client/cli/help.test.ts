import { expect, test } from 'vitest';
import { treeOf } from '../../../client/cli/completion/tree.ts';
import { buildProgram } from '../../../client/cli/program.ts';
import { readVersion } from '../../../config/version.ts';
import { findTemporal } from '../../../tools/temporal/binary.ts';
import { runProgram } from '../../support/drivers/run-program.ts';
import { quietCli, tryOut } from './quiet-cli.ts';

const nodes = treeOf(buildProgram(quietCli().cli));
const verbs = nodes.filter(({ commands }) => commands.length === 0).map(({ path }) => path);
/** What has nothing to do with Temporal. */
const withoutTemporal = ['config check', 'audit verify'];

test('the verbs that others rely on are there', () => {
  expect(verbs).toEqual(
    expect.arrayContaining([
      ...['list', 'show', 'watch', 'retry', 'accept', 'pause', 'resume', 'cancel', 'rerun', 'report', 'diagnose'].map(
        (verb) => `projects ${verb}`,
      ),
      ...['show', 'pause', 'resume', 'poll'].map((verb) => `intake ${verb}`),
      ...['submit', 'config check', 'hosts', 'audit verify', 'completion'],
    ]),
  );
});

test('the version is that of the package', async () => {
  expect(await tryOut(['--version'])).toEqual({ code: 0, stdout: `${readVersion()}\n`, stderr: '' });
});

test.each(verbs)('%s explains itself with an example and the way without us', async (verb) => {
  const { code, stdout, stderr } = await tryOut([...verb.split(' '), '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('--json');
  expect(stdout).toMatch(new RegExp(`^Example:\\n {2}\\$ gf25 ${verb}( |$)`, 'm'));
  if (withoutTemporal.includes(verb)) expect(stdout).toContain('Temporal has no part in this.');
  else expect(stdout).toMatch(/^The same by hand:\n {2}\$ temporal \w/m);
});

test('the example of each verb is one that the verb itself takes', async () => {
  for (const verb of verbs) {
    const { stdout } = await tryOut([...verb.split(' '), '--help']);
    const [, example = ''] = /\$ gf25 (.*)/.exec(stdout) ?? [];
    const words = (example.split('   #')[0] ?? '').match(/"[^"]*"|\S+/g) ?? [];
    const node = nodes.find(({ path }) => path === verb);
    const known = node?.options.map(({ name }) => name) ?? [];
    expect(
      words.filter((word) => word.startsWith('--') && !known.includes(word)),
      example,
    ).toEqual([]);
  }
});

test('every way without us is one that the temporal CLI knows, flag by flag', async () => {
  const temporal = await findTemporal(() => undefined);
  for (const verb of verbs.filter((name) => !withoutTemporal.includes(name))) {
    const { stdout } = await tryOut([...verb.split(' '), '--help']);
    const [, line = ''] = /\$ temporal (.*)/.exec(stdout) ?? [];
    const words = (line.split('   #')[0] ?? '').match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
    const firstFlag = words.findIndex((word) => word.startsWith('-'));
    const command = firstFlag < 0 ? words : words.slice(0, firstFlag);
    const help = await runProgram(temporal, [...command, '--help'], {});
    expect(help.stdout, line).toContain(`temporal ${command.join(' ')}`);
    for (const flag of words.filter((word) => /^--?[a-z]/.test(word)))
      expect(help.stdout, `${line}: ${flag}`).toMatch(new RegExp(`(^|\\s|")${flag}[\\s,"]`, 'm'));
  }
});
