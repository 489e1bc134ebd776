import { parseArgs } from 'node:util';
import { compile } from '../../tools/local/compiled.ts';
import { benchApi, type Percentiles } from './measure.ts';

const usage = `usage: npm run bench:api -- [--finished 1000] [--running 20] [--requests 500] [--watch-seconds 30] [--json]

How long do the list of projects and one project take over HTTP, and what does it cost to watch all running ones?
Temporal, stand-ins, worker and API are processes of their own on this machine.`;

const { values } = parseArgs({
  options: {
    finished: { type: 'string', default: '1000' },
    running: { type: 'string', default: '20' },
    requests: { type: 'string', default: '500' },
    'watch-seconds': { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const row = (name: string, { p50, p95, p99, max }: Percentiles) =>
  `${name.padEnd(36)} p50 ${ms(p50)}  p95 ${ms(p95)}  p99 ${ms(p99)}  max ${ms(max)}\n`;
const ms = (time: number) => `${time.toFixed(1)} ms`.padStart(9);

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const scenario = {
    finished: Number(values.finished),
    running: Number(values.running),
    requests: Number(values.requests),
    watchSeconds: Number(values['watch-seconds']),
  };
  await compile();
  const result = await benchApi(scenario, (line) => process.stderr.write(`${line}\n`));
  if (values.json) return void process.stdout.write(`${JSON.stringify({ scenario, ...result })}\n`);
  process.stdout.write(row('GET /health/live, the floor', result.floor));
  process.stdout.write(row('GET /api/v1/projects', result.list));
  process.stdout.write(row('GET /api/v1/projects, asked anew', result.listAnew));
  process.stdout.write(row('GET /api/v1/projects/{id}, finished', result.showFinished));
  process.stdout.write(row('GET /api/v1/projects/{id}, running', result.showRunning));
  const share = (100 * result.watchCoreShare).toFixed(1);
  process.stdout.write(
    `watching ${scenario.running} projects: ${share} % of a core, ${result.watchEvents} events in ${scenario.watchSeconds} s\n`,
  );
}

await main();
