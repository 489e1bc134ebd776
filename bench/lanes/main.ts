import { parseArgs } from 'node:util';
import { compile } from '../../tools/local/compiled.ts';
import { benchLanes, type LanesResult, type LanesRun } from './measure.ts';

const usage = `usage: npm run bench -- [--images 20] [--analyses 25] [--hosts 1] [--lanes 8] [--latency-ms 200] [--runs 3] [--json]

Steady state on a stand-in vision server: how busy are the lanes, and how far is the wall time from the ideal one?
Every run has a fresh Temporal server and two projects, one after the other: the first on processes that have just
started, the second in their steady state. Stand-ins, server and each role of the workers are processes of their own.`;

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20' },
    analyses: { type: 'string', default: '25' },
    hosts: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '8' },
    'latency-ms': { type: 'string', default: '200' },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function print(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`);
}

const ofMachine = (busy: number) => `the machine's CPUs ${(busy * 100).toFixed(0)} % busy`;

const describe = (result: LanesResult) =>
  [
    `busy lanes ${result.busyLanes.toFixed(2)} of ${result.lanes} (running ${result.runningLanes.toFixed(2)})`,
    `wall / ideal ${result.wallToIdeal.toFixed(3)} (${result.wallSeconds.toFixed(2)} s / ${result.idealSeconds.toFixed(2)} s)`,
    `encodes ${result.encodes}`,
    `most calls at once ${result.maxCallsAtOnce.join(' + ')}`,
    `first start after ${result.firstStartSeconds.toFixed(2)} s`,
    `workers ${result.workerCpuMsPerCombination.toFixed(1)} + server ${result.serverCpuMsPerCombination.toFixed(1)} ms CPU per combination`,
    ofMachine(result.machineBusy),
  ].join(', ');

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const mediansOf = (results: readonly LanesResult[]) => ({
  busyLanes: median(results.map(({ busyLanes }) => busyLanes)),
  wallToIdeal: median(results.map(({ wallToIdeal }) => wallToIdeal)),
  encodes: median(results.map(({ encodes }) => encodes)),
  machineBusy: median(results.map(({ machineBusy }) => machineBusy)),
});

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const scenario = {
    images: Number(values.images),
    analyses: Number(values.analyses),
    hosts: Number(values.hosts),
    lanesPerHost: Number(values.lanes),
    latencyMs: Number(values['latency-ms']),
  };
  print(
    `${scenario.images} images x ${scenario.analyses} analyses of ${scenario.latencyMs} ms on ${scenario.hosts} x ${scenario.lanesPerHost} lanes`,
  );
  await compile();
  const runs: LanesRun[] = [];
  for (let run = 1; run <= Number(values.runs); run += 1) {
    const result = await benchLanes(scenario);
    runs.push(result);
    print(`run ${run}, fresh: ${describe(result.fresh)}`);
    print(`run ${run}, steady: ${describe(result.steady)}`);
  }
  const medians = {
    fresh: mediansOf(runs.map(({ fresh }) => fresh)),
    steady: mediansOf(runs.map(({ steady }) => steady)),
  };
  if (values.json) process.stdout.write(`${JSON.stringify({ scenario, runs, medians })}\n`);
  for (const [state, { busyLanes, wallToIdeal, encodes, machineBusy }] of Object.entries(medians))
    print(
      `median, ${state}: busy lanes ${busyLanes.toFixed(2)}, wall / ideal ${wallToIdeal.toFixed(3)}, encodes ${encodes}, ${ofMachine(machineBusy)}`,
    );
}

await main();
