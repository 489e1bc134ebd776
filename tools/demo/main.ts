import { randomUUID } from 'node:crypto';
import { duration } from '../../client/report/duration.ts';
import { stateFolder } from '../../config/environment.ts';
import { openStateFolder } from '../../config/state-folder.ts';
import { sizeOfJob } from '../../workflows/goflow/contracts/size-of-job.ts';
import { Belongings } from './belongings.ts';
import { runDemo } from './demo.ts';
import { Interrupted, untilInterrupted } from './interruption.ts';
import { buildDemoJob } from './job.ts';
import { type DemoOptions, readDemoOptions, usage, UsageError } from './options.ts';
import { checkWhatIsNeeded } from './preflight.ts';
import { createScreen } from './screen.ts';
import { claimStateFolder, releaseStateFolder } from './state-folder.ts';

async function main(): Promise<number> {
  let options: DemoOptions | 'help';
  try {
    options = readDemoOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  return run(options, process.env);
}

/** Whatever happens, what was started is ended before this resolves. */
async function run(options: DemoOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const interrupted = untilInterrupted();
  const screen = createScreen(process.stdout, env);
  const belongings = new Belongings();
  const orEnded = <T>(work: Promise<T>) => Promise.race([work, interrupted, belongings.died]);
  let folder: string | undefined;
  let code: number | undefined;
  try {
    await orEnded(checkWhatIsNeeded(options, env));
    await openStateFolder(stateFolder(env));
    folder = await claimStateFolder(stateFolder(env));
    const job = buildDemoJob(options, randomUUID());
    const { images, analyses, vision, hosts, lanes } = options;
    const say = (line: string) => screen.line(line);
    say(`GF-25 demo: ${sizeOfJob(images, analyses)}, vision ${vision}, ${hosts} host(s) with ${lanes} lane(s)`);
    code = await orEnded(runDemo({ options, job, folder, env, belongings, say }, screen));
    const totalMs = Date.now() - performance.timeOrigin;
    say(`${code === 0 ? 'done' : 'not done'} ${duration(totalMs)} after the start of this command`);
    if (options.keep) await orEnded(new Promise<never>(() => undefined));
    return code;
  } catch (error) {
    screen.settle();
    const isAsked = error instanceof Interrupted;
    screen.line(isAsked ? `${error.message}: everything is being ended` : '');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    // after the table, with --keep, a signal is how this is meant to end
    return isAsked ? (code ?? error.exitCode) : 1;
  } finally {
    screen.close();
    await belongings.end();
    if (folder !== undefined) await releaseStateFolder(folder);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
