import { readCombinations } from '../report/read-combinations.ts';
import { openReport } from '../report/read-report.ts';
import type { Temporal } from '../operations/ask-temporal.ts';
import { diagnoseProject } from '../operations/diagnose-project.ts';
import { findProjects } from '../operations/find-projects.ts';
import { listHosts } from '../operations/list-hosts.ts';
import { pauseIntake } from '../operations/pause-intake.ts';
import { pollIntake } from '../operations/poll-intake.ts';
import { rerunProject } from '../operations/rerun-project.ts';
import { rerunProjects } from '../operations/rerun-projects.ts';
import { resumeIntake } from '../operations/resume-intake.ts';
import { showIntake } from '../operations/show-intake.ts';
import { showProject } from '../operations/show-project.ts';
import { speakToProject } from '../operations/speak-to-project.ts';
import { speakToProjects } from '../operations/speak-to-projects.ts';
import { submitJob } from '../operations/submit-job.ts';
import { viewBacklogs } from '../operations/view-backlogs.ts';
import { watchProject } from '../operations/watch-project.ts';
import { shareAnswers } from './share-answers.ts';

/** Visibility itself is a moment behind. Temporal Cloud allows a namespace 30 such questions a second. */
const listKeptMs = 1_000;

/** Everything that the API can do: the verbs of the CLI, over a connection that may come and go. */
export function bindOperations(connected: () => Promise<Temporal>) {
  const bind =
    <Input, Output>(operation: (temporal: Temporal, input: Input) => Promise<Output>) =>
    async (input: Input): Promise<Output> =>
      operation(await connected(), input);
  return {
    findProjects: shareAnswers(bind(findProjects), listKeptMs),
    showProject: bind(showProject),
    readCombinations: bind(readCombinations),
    diagnoseProject: bind(diagnoseProject),
    openReport: bind(openReport),
    submitJob: bind(submitJob),
    speakToProject: bind(speakToProject),
    speakToProjects: bind(speakToProjects),
    rerunProject: bind(rerunProject),
    rerunProjects: bind(rerunProjects),
    showIntake: async () => showIntake(await connected()),
    pauseIntake: bind(pauseIntake),
    resumeIntake: bind(resumeIntake),
    pollIntake: async () => pollIntake(await connected()),
    listHosts: async (options: { readonly countImages?: boolean } = {}) => listHosts(await connected(), options),
    viewBacklogs: async () => viewBacklogs(await connected()),
    async *watchProject(input: Parameters<typeof watchProject>[1]) {
      yield* watchProject(await connected(), input);
    },
  };
}

export type Operations = ReturnType<typeof bindOperations>;
