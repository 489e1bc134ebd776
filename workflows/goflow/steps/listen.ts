import { ApplicationFailure, log, setHandler, type SignalDefinition } from '@temporalio/workflow';
import {
  newsSchema,
  newsSignal,
  pauseMediaSignal,
  planQuery,
  progressQuery,
  projectLedgerQuery,
  resumeMediaSignal,
  seenQuery,
  seenSchema,
  type Spoken,
  stagedSchema,
  stagedSignal,
  stagingSignal,
  wordDescriptions,
  wordSignals,
  wordUpdates,
  type Word,
  type WordAnswer,
  type WouldAnswer,
  wouldQuery,
} from '../contracts/messages.ts';
import { judge } from './operator.ts';
import { progressOf } from './progress.ts';
import type { Project } from './project.ts';
import type { ProjectState, RunningMedia } from './project-state.ts';

const maxIgnored = 20;
const words = Object.keys(wordDescriptions) as Word[];

/** Connects a project to the outside: the operator's words, the news of its images and of the io workers, the queries. */
export function listen(project: Project): void {
  const { state, show } = project;
  for (const word of words) listenToWord(project, word);

  setHandler(stagedSignal, (input) => noteStaging(project, input, true), { description: 'From an image: on a host' });
  setHandler(stagingSignal, (input) => noteStaging(project, input, false), {
    description: 'From an image: without a host again',
  });
  setHandler(newsSignal, (input) => noteNews(project, input), {
    description: 'From the io workers: whether GoFlow keeps the project waiting',
  });

  setHandler(seenQuery, (input) => noteSeen(project, input), {
    description: 'From the io workers: results that GoFlow has accepted meanwhile',
  });
  setHandler(progressQuery, () => progressOf(state, show.since()), { description: 'Where the project stands' });
  setHandler(wouldQuery, (word, input) => wouldSay(state, word, input), { description: 'What a word would do now' });
  setHandler(planQuery, () => (state.hasPlan ? state.plan : null), { description: 'The frozen definitions' });
  setHandler(projectLedgerQuery, () => state.ledger(), { description: 'What was sent to GoFlow' });
}

function listenToWord(project: Project, word: Word): void {
  const { state } = project;
  const description = wordDescriptions[word];
  setHandler(
    wordSignals[word],
    async (input) => {
      const judgement = judge(state, word, input);
      if (judgement.legal) await apply(project, judgement.spoken);
      else ignore(project, `${word}: ${judgement.reason}`);
    },
    { description },
  );
  setHandler(
    wordUpdates[word],
    async (input): Promise<WordAnswer> => {
      const judgement = judge(state, word, input);
      // the validator has just said yes; in between only another handler can have changed the state
      if (!judgement.legal) throw refusal(judgement.reason);
      await apply(project, judgement.spoken);
      return { message: judgement.message };
    },
    {
      description,
      validator: (input) => {
        const judgement = judge(state, word, input);
        if (!judgement.legal) throw refusal(judgement.reason);
      },
    },
  );
}

function wouldSay(state: ProjectState, word: Word, input: unknown): WouldAnswer {
  if (!words.includes(word)) return { legal: false, message: `there is no such word, only ${words.join(', ')}` };
  const judgement = judge(state, word, input);
  return { legal: judgement.legal, message: judgement.legal ? judgement.message : judgement.reason };
}

const refusal = (reason: string) => ApplicationFailure.nonRetryable(reason, 'Refused');

function ignore({ state, show }: Project, what: string): void {
  log.warn('signal ignored', { what });
  state.ignored.push(what.slice(0, 300));
  if (state.ignored.length > maxIgnored) state.ignored.shift();
  show();
}

async function apply({ state, show }: Project, spoken: Spoken): Promise<void> {
  switch (spoken.word) {
    case 'retry':
      if ('step' in spoken.input) state.sendReportAgain = true;
      else if (state.step === 'analysing' && state.hold?.kind !== 'processing') state.combinations.retry(spoken.input);
      state.hold = undefined;
      break;
    case 'accept':
      state.acceptedBecause = spoken.input.reason;
      state.hold = undefined;
      break;
    case 'pause':
    case 'resume':
      state.paused = spoken.word === 'pause';
      await Promise.all([...state.running.values()].map((media) => tellPaused(state, media)));
      break;
    case 'cancel':
      state.cancelledBecause = spoken.input.reason;
      state.scope.cancel();
      break;
  }
  show();
}

/** Brings an image up to date with the project's pause. It may have closed just now: then there is nothing to tell. */
export async function tellPaused(state: ProjectState, media: RunningMedia): Promise<void> {
  if (media.handle === undefined || media.toldPaused === state.paused) return;
  media.toldPaused = state.paused;
  media.pauseOrder += 1;
  await tell(media, state.paused ? pauseMediaSignal : resumeMediaSignal, { order: media.pauseOrder });
}

export async function tell<Args extends unknown[]>(
  media: RunningMedia,
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  try {
    await media.handle?.signal(signal, ...args);
  } catch (error) {
    log.info('an image could not be told, it has probably ended', { signal: signal.name, error });
  }
}

function noteStaging({ state, show }: Project, input: unknown, staged: boolean): void {
  const parsed = stagedSchema.safeParse(input);
  const media = parsed.success ? state.running.get(parsed.data.mediaId) : undefined;
  if (!parsed.success || media === undefined) return;
  media.staged = staged;
  media.host = staged ? parsed.data.host : undefined;
  show();
}

function noteNews({ state, show, announce }: Project, input: unknown): void {
  const parsed = newsSchema.safeParse(input);
  if (!parsed.success) return;
  for (const [mediaId, analysisIds] of Object.entries(parsed.data.accepted)) {
    for (const analysisId of analysisIds) state.running.get(mediaId)?.accepted.add(analysisId);
  }
  const { waitingForGoflow } = parsed.data;
  if (waitingForGoflow && state.waitingForGoflow === undefined)
    announce({ kind: 'waiting-for-goflow', ...waitingForGoflow });
  if (waitingForGoflow !== undefined) state.waitingForGoflow = waitingForGoflow ?? undefined;
  show();
}

/** For show only: whatever is changed here is lost with the next replay. */
function noteSeen({ state, show }: Project, input: unknown): null {
  const parsed = seenSchema.safeParse(input);
  if (!parsed.success) return null;
  for (const [mediaId, analysisIds] of Object.entries(parsed.data.accepted)) {
    for (const analysisId of analysisIds) state.running.get(mediaId)?.seen.add(analysisId);
  }
  show.details(parsed.data.atMs);
  return null;
}
