import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InvalidInputError, NotFoundError, RefusedError, UnansweredError } from '../../../client/operations/errors.ts';
import { TemporalUnreachableError } from '../../../config/temporal.ts';
import { gf25 } from './gf25.ts';
import { tryOut } from './quiet-cli.ts';

test.each([
  [[], /Usage: gf25/],
  [['projects'], /Usage: gf25 projects/],
  [['project', 'list'], /unknown command 'project'/],
  [['projects', 'lst'], /Did you mean list/],
  [['projects', 'show'], /missing required argument 'id'/],
  [['projects', 'show', 'a', 'b'], /too many arguments/],
  [['projects', 'list', '--limit', '0'], /--limit .* a number from 1 on/],
  [['projects', 'list', '--phase', 'happy'], /Allowed choices are planning, waiting-for-gpu/],
  [['projects', 'accept', 'a'], /required option '--reason <text>' not specified/],
  [['projects', 'cancel', 'a', '--reason'], /argument missing/],
  [['projects', 'retry', 'a', '--step', 'results'], /Allowed choices are report/],
  [['projects', 'pause', 'a', '--force'], /unknown option '--force'/],
  [['submit', '/no/such/file.json'], /\/no\/such\/file.json cannot be read\n {2}- ENOENT/],
])('wrong usage %j exits 2 and says what is wrong', async (args, said) => {
  const { code, stdout, stderr } = await tryOut(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(said);

  const json = await tryOut([...args, '--json']);
  expect({ code: json.code, stdout: json.stdout }).toEqual({ code: 2, stdout: '' });
  expect(JSON.parse(json.stderr)).toMatchObject({ error_code: 'ValidationFailed', exit_code: 2 });
});

test.each([
  [['projects', 'show'], 'gf25 projects show --help'],
  [['projects', 'show', 'a', 'b'], 'gf25 projects show --help'],
  [['projects', 'lst'], 'gf25 projects --help'],
  [['projcts'], 'gf25 --help'],
  [['submit'], 'gf25 submit --help'],
  [['intake', 'show', '--loud'], 'gf25 intake show --help'],
])('wrong usage %j names the help of that very command', async (args, help) => {
  const { stderr } = await tryOut(args);
  expect(stderr).toMatch(/^error: /);
  expect(stderr.endsWith(`\nSee: ${help}\n`), stderr).toBe(true);
  const json = await tryOut(['--json', ...args]);
  expect(JSON.parse(json.stderr)).toMatchObject({ advice: `See: ${help}` });
});

test.each([
  [new NotFoundError('there is no project x', 'Look again.'), 3, 'error: there is no project x\nLook again.\n'],
  [new RefusedError('it runs', 'Wait.'), 1, 'error: it runs\nWait.\n'],
  [new UnansweredError('silence', 'Call somebody.'), 1, 'error: silence\nCall somebody.\n'],
  [
    new TemporalUnreachableError('1.2.3.4:7233', new Error('failed', { cause: new Error('refused') })),
    4,
    'error: Temporal does not answer at 1.2.3.4:7233 (refused)\nSet TEMPORAL_ADDRESS, or start a dev server: npm run temporal\n',
  ],
  [new Error('\u001b[2Jboo'), 1, 'error:  [2Jboo\nThis is a fault of gf25 itself: please report it with this line.\n'],
])('%s becomes its exit code and says what to do', async (error, code, stderr) => {
  expect(await tryOut(['projects', 'list'], error)).toEqual({ code, stdout: '', stderr });
});

test.each<[Error, number, object]>([
  [
    new NotFoundError('there is no project x', 'Look again.'),
    3,
    { detail: 'there is no project x', error_code: 'NotFound', advice: 'Look again.' },
  ],
  [
    new InvalidInputError('no', ['a: must be a UUID', 'b: is missing'], 'Mend it.'),
    2,
    { detail: 'no: a: must be a UUID; b: is missing', error_code: 'ValidationFailed', advice: 'Mend it.' },
  ],
  [
    new TemporalUnreachableError('1.2.3.4:7233', new Error('failed', { cause: new Error('refused') })),
    4,
    { detail: 'Temporal does not answer at 1.2.3.4:7233 (refused)', error_code: 'TemporalUnreachable' },
  ],
  [new Error('\u001b[2Jboo'), 1, { detail: ' [2Jboo', error_code: 'InternalError' }],
])('with --json %s is one object on stderr, in the envelope of the API', async (error, code, said) => {
  const ended = await tryOut(['projects', 'list', '--json'], error);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
  expect(ended.stderr).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(ended.stderr)).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    correlation_id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
    advice: expect.any(String) as string,
    exit_code: code,
    ...said,
  });
});

test('a word to a flag that looks like one is no wish for JSON', async () => {
  const { stderr } = await tryOut(['projects', 'show', '--', '--json', 'too many']);
  expect(stderr).toMatch(/^error: too many arguments/);
});

test.each([
  [['help'], /Usage: gf25 \[/],
  [['help', 'projects'], /Usage: gf25 projects \[/],
  [['help', 'projects', 'show'], /Usage: gf25 projects show \[/],
  [['--json', 'help', 'audit', 'verify'], /Usage: gf25 audit verify \[/],
  [['projects', 'help', 'show'], /Usage: gf25 projects show \[/],
])('%j is the help of what it names', async (args, said) => {
  const { code, stdout, stderr } = await tryOut(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(said);
});

test.each([
  [['help', 'projcts'], "unknown command 'projcts'\n(Did you mean projects?)\nSee: gf25 --help\n"],
  [['help', 'projects', 'shaw'], "unknown command 'shaw'\n(Did you mean show?)\nSee: gf25 projects --help\n"],
])('%j says that there is no such command', async (args, said) => {
  expect(await tryOut(args)).toEqual({ code: 2, stdout: '', stderr: `error: ${said}` });
});

test('a job is read from stdin, too, and what is wrong with it is said', async () => {
  const unreadable = await tryOut(['submit', '-'], undefined, '{"client": ');
  expect(unreadable).toMatchObject({ code: 2, stdout: '' });
  expect(unreadable.stderr).toMatch(/^error: stdin cannot be read\n {2}- .*JSON/);
  // it goes as far as Temporal
  const read = await tryOut(['submit', '-'], new UnansweredError('silence', 'Call somebody.'), '{}');
  expect(read).toMatchObject({ code: 1, stderr: 'error: silence\nCall somebody.\n' });
});

test('a configuration is checked as a whole, and every fault has its line', async () => {
  const valid = await gf25({}, 'config', 'check', '--json');
  expect(valid).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(valid.stdout) as { hash: string; definitions: { slug: string }[] };
  expect(report).toMatchObject({ valid: true, faults: [] });
  expect(report.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(report.definitions.map(({ slug }) => slug)).toContain('object-detection');

  const folder = await mkdtemp(join(tmpdir(), 'gf25-config-'));
  const overlay = join(folder, 'overlay.yaml');
  await writeFile(overlay, 'qa:\n  maxRepairs: -1\nintake:\n  maxOpenProject: 3\n');
  const broken = await gf25({ GF25_CONFIG_OVERLAY: overlay }, 'config', 'check');
  expect(broken).toMatchObject({ code: 1, stderr: '' });
  expect(broken.stdout).toContain('overlay.yaml:2: qa.maxRepairs');
  expect(broken.stdout).toContain('overlay.yaml:4: intake: Unrecognized key: "maxOpenProject"');
  const lanes = await gf25({ GF25_LANES: 'many' }, 'config', 'check', '--json');
  expect(lanes.code).toBe(1);
  expect(JSON.parse(lanes.stdout)).toMatchObject({
    valid: false,
    faults: ['environment GF25_LANES: must be a number of lanes'],
  });
  await rm(folder, { recursive: true });
});

const words = ['audit', 'verify'];
test.each([0, 1, 2])('--json is understood after %i words of a verb', async (at) => {
  const { code, stdout, stderr } = await tryOut([...words.slice(0, at), '--json', ...words.slice(at), '--dir', 'test']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ folder: 'test' });
});

test.each([
  [['--help', 'projects', 'list'], /Usage: gf25 /],
  [['projects', '--help', 'list'], /Usage: gf25 projects /],
  [['projects', 'list', '--version'], /^\d+\.\d+\.\d+\n$/],
  [['--json', '--version'], /^\d+\.\d+\.\d+\n$/],
])('%j: help and version are understood wherever they stand', async (args, said) => {
  const { code, stdout } = await tryOut(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(said);
});

test('settings for Temporal that cannot be read are wrong usage', async () => {
  const missing = await gf25({ TEMPORAL_CONFIG_FILE: '/no/such/temporal.toml', TEMPORAL_PROFILE: 'mine' }, 'hosts');
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('TEMPORAL_CONFIG_FILE');
});

test('a pipe gets no colours', async () => {
  const { stdout } = await gf25({ FORCE_COLOR: '1' }, 'config', 'check');
  expect(stdout).toContain('the configuration is valid');
  expect(stdout).not.toContain('\u001b');
});
