import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import type { Cli } from '../../../client/cli/cli.ts';
import { run } from '../../../client/cli/program.ts';
import type { BulkReply } from '../../../client/operations/selected-projects.ts';
import type { HostsView } from '../../../client/operations/list-hosts.ts';
import type { ProjectRow } from '../../../client/operations/describe-project.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { IntakeView } from '../../../client/operations/show-intake.ts';
import type { ReportDocument } from '../../../client/report/report-document.ts';
import type { Phase } from '../../../workflows/goflow/contracts/progress.ts';
import { compiled } from '../../../tools/local/compiled.ts';
import type { Site } from '../site.ts';
import type { Driver, Outcome } from './driver.ts';
import { type Ended, runProgram } from './run-program.ts';

/**
 * `gf25 ... --json`. The first call of each verb is a process of its own; the others run the same program here, since a
 * process needs seconds to load.
 */
export async function openGf25(site: Site): Promise<Driver> {
  const env = site.environment();
  const spoken = new Set<string>();
  const gf25 = (verb: string, ...args: string[]): Promise<Ended> => {
    const all = [...verb.split(' '), ...args, '--json'];
    if (spoken.has(verb)) return runHere(site, all);
    spoken.add(verb);
    return runProgram(process.execPath, [compiled('client/cli/main.ts'), ...all], env);
  };
  const read = async <T>(verb: string, ...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await gf25(verb, ...args);
    if (code !== 0) throw new Error(`gf25 ${verb} ended with ${String(code)}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };
  const say = async (verb: string, ...args: string[]) => outcomeOf(await gf25(verb, ...args));
  const selected = ({ client, phase }: { client: string; phase?: Phase }) => [
    ...['--open', '--client', client],
    ...(phase === undefined ? [] : ['--phase', phase]),
  ];
  return {
    async submit(job) {
      const file = join(site.stateFolder, `${job.project.id}.json`);
      await writeFile(file, JSON.stringify(job));
      return say('submit', file);
    },
    rerun: ({ project }) => say('projects rerun', project.id),
    say: (word, id, input) => say(`projects ${word}`, id, ...optionsOf(input)),
    async sayToAll(word, selection, input) {
      const args = [...selected(selection), '--yes', ...optionsOf(input)];
      const { projects } = await read<BulkReply>(`projects ${word}`, ...args);
      return projects.every(({ outcome }) => outcome === 'done') ? 'done' : JSON.stringify(projects);
    },
    list: async (selection) =>
      (await read<ProjectRow[]>('projects list', ...selected(selection))).map(({ projectId }) => projectId).sort(),
    async show(id) {
      const { progress } = await read<ProjectView>('projects show', id);
      if (!progress) throw new Error(`gf25 projects show ${id} knows no progress`);
      return progress;
    },
    async watch(id) {
      const { stdout } = await gf25('projects watch', id);
      const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as ProjectView;
      return last.progress?.phase ?? 'planning';
    },
    report: async (id) => {
      const { counts } = await read<ReportDocument>('projects report', id);
      return { accepted: counts.accepted, failed: counts.failed };
    },
    async showIntake() {
      const { paused, note = '' } = await read<IntakeView>('intake show');
      return { paused, note };
    },
    pauseIntake: (note) => say('intake pause', '--note', note),
    resumeIntake: () => say('intake resume'),
    pollIntake: () => say('intake poll'),
    hosts: async () => (await read<HostsView>('hosts')).hosts.map(({ host }) => host),
    close: async () => undefined,
  };
}

/** `{"mediaId": "x"}` is `--media x`. */
const optionsOf = (input: object) =>
  Object.entries(input).flatMap(([key, value]) => [`--${key.replace(/Id$/, '')}`, String(value)]);

function outcomeOf({ code, stderr }: Ended): Outcome {
  if (code === 0) return 'done';
  if (code === 3) return 'missing';
  return `refused: ${stderr.split('\n')[0] ?? ''}`;
}

async function runHere({ client, namespace }: Site, args: readonly string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const cli: Cli = {
    out: (text) => (stdout += text),
    input: async () => '',
    err: (text) => (stderr += text),
    columns: undefined,
    colours: pc.createColors(false),
    exitCode: 0,
    withTemporal: (work) => work({ client, namespace }),
    // what the processes record is another test's
    perform: (_, work) => work(),
    close: async () => undefined,
  };
  return { code: await run(args, cli), stdout, stderr };
}
