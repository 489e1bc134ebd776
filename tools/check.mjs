/** `npm run check`: every judgement about the code that needs no running program. All steps run, whatever fails. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['activities', 'bench', 'client', 'config', 'test', 'tools', 'workers', 'workflows'];

/** The programs themselves, not `node_modules/.bin`: that holds shell scripts on some systems. */
const steps = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['-b', '.', 'test'] },
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  {
    name: 'architecture',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.cjs', ...rooms],
  },
  { name: 'format', program: 'prettier/bin/prettier.cjs', args: ['--check', '.'] },
  { name: 'unused code', program: 'knip/bin/knip.js', args: ['--treat-config-hints-as-errors'] },
];

/** Both streams in the order in which they came, and how it ended. */
function run(program, args) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

async function timed({ name, program, args }) {
  const startedMs = performance.now();
  const { ok, output } = await run(program, args);
  return { name, ok, output, seconds: ((performance.now() - startedMs) / 1000).toFixed(1) };
}

const limit = pLimit(availableParallelism());
const failed = [];
for (const running of steps.map((step) => limit(() => timed(step)))) {
  const { name, ok, output, seconds } = await running;
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(13)}${seconds.padStart(6)} s\n`);
  if (!ok) process.stdout.write(`${output.trimEnd()}\n\n`);
  if (!ok) failed.push(name);
}
process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
