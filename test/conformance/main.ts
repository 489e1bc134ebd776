import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { ProviderKind } from '../../activities/vision/provider.ts';
import { type Check, isApplicable } from './check.ts';
import { checks } from './checks.ts';
import { openSubject, type SubjectOptions } from './subject.ts';

const usage = `usage: npm run conformance -- [--provider ollama | openai | embedded [--url URL --model NAME]] [--timeout-seconds N]
  Asks a vision server everything that is expected of one, through our provider. GF25_VISION_API_KEY: its key.
  --provider         default: ollama and openai, each with a stand-in behind it
  --url              of a real server, for openai with or without /v1; default: a stand-in is started
  --model            (qwen2.5vl:7b) one that it has and that can see
  --timeout-seconds  (60) of one inference
exit codes: 0 everything is as it should be, 1 something is not, 2 wrong usage
`;

const kinds: readonly ProviderKind[] = ['ollama', 'openai', 'embedded'];
type Outcome = 'ok' | 'FAILED' | 'skipped';

class UsageError extends Error {}

function readOptions(): SubjectOptions[] | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        provider: { type: 'string' },
        url: { type: 'string' },
        model: { type: 'string' },
        'timeout-seconds': { type: 'string', default: '60' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return undefined;
  const chosen = kinds.find((each) => each === values.provider);
  if (chosen === undefined && (values.provider ?? values.url) !== undefined)
    throw new UsageError(`--provider: one of ${kinds.join(', ')}`);
  const seconds = Number(values['timeout-seconds']);
  if (!(seconds > 0)) throw new UsageError('--timeout-seconds: a number above 0');
  if (values.url !== undefined && !URL.canParse(values.url))
    throw new UsageError('--url: an address like http://gpu:8000');
  const { url, model } = values;
  const apiKey = process.env['GF25_VISION_API_KEY'];
  const asked: readonly ProviderKind[] = chosen ? [chosen] : ['ollama', 'openai'];
  return asked.map((kind) => ({ kind, url, model, apiKey, timeoutMs: seconds * 1000 }));
}

async function judge(check: Check, options: SubjectOptions): Promise<Outcome> {
  const subject = await openSubject(options);
  const startedAt = performance.now();
  const tell = (outcome: Outcome, words: string): Outcome => {
    const took = outcome === 'skipped' ? '' : `${((performance.now() - startedAt) / 1000).toFixed(2)} s`;
    process.stdout.write(
      `${outcome.padEnd(8)}${took.padStart(8)}  ${check.name}: ${words.replaceAll('\n', ' ').slice(0, 300)}\n`,
    );
    return outcome;
  };
  try {
    if (!isApplicable(check, subject)) return tell('skipped', `needs a ${check.needs}`);
    return tell('ok', await check.run(subject));
  } catch (error) {
    return tell('FAILED', error instanceof Error ? error.message : String(error));
  } finally {
    await subject.close();
  }
}

/** Whether everything was as it should be. */
async function judgeAll(options: SubjectOptions): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const check of checks) outcomes.push(await judge(check, options));
  const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  const where = options.kind === 'embedded' ? '' : ` at ${options.url ?? 'the stand-in'}`;
  process.stdout.write(
    `${options.kind}${where}: ${count('ok')} ok, ${count('FAILED')} failed, ${count('skipped')} skipped\n`,
  );
  return count('FAILED') === 0;
}

async function main(): Promise<number> {
  const subjects = readOptions();
  if (subjects === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const good: boolean[] = [];
  for (const options of subjects) good.push(await judgeAll(options));
  return good.every(Boolean) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
