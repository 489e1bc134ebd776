import type { Evidence, LegalWord } from './evidence.ts';

const workerOf = (role: 'orchestrator' | 'io' | 'gpu') => `npm run worker -- ${role}`;

/** Shell lines for one project, with the namespace where it is not the default one. */
export function commandsFor({ view, namespace }: Pick<Evidence, 'view' | 'namespace'>) {
  const { projectId, workflowId } = view.project;
  const at = namespace === 'default' ? '' : ` -n ${namespace}`;
  return {
    startWorker: workerOf,
    gf25: (verb: string, options = '') => `gf25 projects ${verb} ${projectId}${options}`,
    /** The same word with both programs. */
    word: ({ word, input }: Pick<LegalWord, 'word' | 'input'>): string[] => [
      `gf25 projects ${word} ${projectId}${optionsOf(input)}`,
      `temporal workflow update execute${at} -w ${workflowId} --name ${word} --input '${JSON.stringify(input)}'`,
    ],
    describe: (id = workflowId) => `temporal workflow describe${at} -w ${id}`,
    showHistory: (id = workflowId) => `temporal workflow show${at} -w ${id}`,
    describeQueue: (queue: string, type: 'workflow' | 'activity') =>
      `temporal task-queue describe${at} --task-queue ${queue} --task-queue-type ${type}`,
    unpause: (id: string, activityId: string) => `temporal activity unpause${at} -w ${id} --activity-id ${activityId}`,
  };
}

export type Commands = ReturnType<typeof commandsFor>;

const optionsOf = (input: LegalWord['input']) =>
  Object.entries(input)
    .map(([key, value]) => ` --${key.replace(/Id$/, '')} ${key === 'reason' ? `"${value}"` : value}`)
    .join('');
