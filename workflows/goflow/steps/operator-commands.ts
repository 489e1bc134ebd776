import type { Word } from '../contracts/messages.ts';
import { judge } from './operator.ts';
import type { ProjectState } from './project-state.ts';

/** What an operator can say to a project now: with our CLI, and the same with Temporal's. */
export interface Command {
  readonly word: Word;
  readonly gf25: string;
  readonly temporal: string;
}

interface Offer {
  readonly word: Word;
  readonly input: object;
  readonly options: string;
}

const reason = { input: { reason: 'TEXT' }, options: ' --reason "TEXT"' };

const offers: readonly Offer[] = [
  { word: 'retry', input: {}, options: '' },
  { word: 'retry', input: { step: 'report' }, options: ' --step report' },
  { word: 'accept', ...reason },
  { word: 'resume', input: {}, options: '' },
  { word: 'pause', input: {}, options: '' },
  { word: 'cancel', ...reason },
];

/** The words that are legal now, by the judgement that they would meet. */
export function commandsOf(
  state: ProjectState,
  { namespace, workflowId }: { readonly namespace: string; readonly workflowId: string },
): Command[] {
  const at = namespace === 'default' ? '' : ` -n ${namespace}`;
  return offers
    .filter(({ word, input }) => !(word === 'pause' && state.paused) && judge(state, word, input).legal)
    .map(({ word, input, options }) => ({
      word,
      gf25: `gf25 projects ${word} ${state.job.project.id}${options && ` \\\n ${options}`}`,
      // the Web UI's column is narrow
      temporal: `temporal workflow signal${at} \\\n  -w ${workflowId} \\\n  --name ${word} -i '${JSON.stringify(input)}'`,
    }));
}
