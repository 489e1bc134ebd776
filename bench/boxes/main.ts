import { parseArgs } from 'node:util';
import { type Errors, measureBoxes } from './measure.ts';

const usage = `usage: npm run bench:boxes -- [--sizes 200] [--seed 25] [--json]

How exactly do boxes come back to the original? Pictures with known marks, in all EXIF orientations, go through the
product's normalising; the marks, as a model of each coordinate mode writes them, go through the product's mapping.
Errors are pixels of the auto-oriented original. Exit code 1: the mapping is off by more than 1 pixel.`;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '200' },
    seed: { type: 'string', default: '25' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Pixels of the original. */
const limit = 1;

const print = (line: string) => process.stdout.write(`${line}\n`);
const cell = ({ max, mean }: Errors) => `${max.toFixed(2).padStart(7)} ${mean.toFixed(3).padStart(8)}`;

async function main(): Promise<void> {
  if (values.help) return void print(usage);
  const [sizes, seed] = [Number(values.sizes), Number(values.seed)];
  const startedMs = performance.now();
  const results = await measureBoxes({ sizes, seed });
  const isGood = results.every(({ mapped, seen }) => mapped.max <= limit && seen.max <= limit);
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return void print(JSON.stringify({ sizes, seed, limit, isGood, results }));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  print(`${sizes} sizes in 8 orientations, seed ${seed}, ${results[0]?.boxes ?? 0} boxes per mode, ${seconds} s`);
  print(`${''.padEnd(18)}  mapping alone      as found in the pixels   as written by a model`);
  print(
    `${'mode'.padEnd(18)}  ${'max px     mean'.padStart(16)}   ${'max px     mean'.padStart(20)}   ${'max px     mean'.padStart(20)}`,
  );
  for (const { mode, mapped, seen, written } of results)
    print(`${mode.padEnd(18)}  ${cell(mapped)}       ${cell(seen)}       ${cell(written)}`);
  print(isGood ? `no box is off by more than ${limit} pixel` : `FAILED: a box is off by more than ${limit} pixel`);
}

await main();
