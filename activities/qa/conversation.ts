import type { Sampling, Turn } from '../vision/provider.ts';
import type { Issue } from '../../workflows/goflow/contracts/qa.ts';
import { asksAgain } from './run-rules.ts';

const maxBadCharacters = 6_000;

/** How the model is asked again. */
type Remedy = 'reask' | 'reask-fresh' | 'retry-longer';
type Finding = Pick<Issue, 'message' | 'action'>;

/** What is sent to the model, and how it goes on after a bad answer. Pure. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly sampling: Sampling;
}

export const openConversation = (prompt: string, sampling: Sampling): Conversation => ({
  turns: [{ role: 'user', text: prompt }],
  sampling,
});

/**
 * The next conversation after a bad answer. The seed moves on in every case: the same prompt with the same seed would
 * give the same answer again.
 */
export function repair(conversation: Conversation, badText: string, issues: readonly Finding[]): Conversation {
  const findings = issues.filter(({ action }) => asksAgain(action));
  const remedy = strongest(findings);
  const sampling = { ...conversation.sampling, seed: conversation.sampling.seed + 1 };
  const first = conversation.turns[0]?.text ?? '';
  switch (remedy) {
    case 'reask': {
      // whatever it is, the conversation must fit the model's context
      const bad: Turn = { role: 'assistant', text: badText.slice(0, maxBadCharacters) };
      return { turns: [...conversation.turns, bad, { role: 'user', text: correction(findings) }], sampling };
    }
    case 'reask-fresh':
      return { turns: [{ role: 'user', text: `${first}\n\n${rulesOf(findings)}` }], sampling };
    case 'retry-longer':
      return {
        turns: [{ role: 'user', text: `${first}\n\n${rulesOf(findings)}` }],
        sampling: { ...sampling, maxTokens: sampling.maxTokens * 2 },
      };
  }
}

/** Every word that was sent as user, and nothing that was not (P5). */
export const userTextOf = ({ turns }: Conversation) =>
  turns
    .filter(({ role }) => role === 'user')
    .map(({ text }) => text)
    .join('\n\n');

const strength: Record<Remedy, number> = { reask: 0, 'reask-fresh': 1, 'retry-longer': 2 };
const strongest = (findings: readonly Finding[]) =>
  findings.reduce<Remedy>(
    (best, { action }) => (strengthOf(action) > strength[best] ? (action as Remedy) : best),
    'reask',
  );
const strengthOf = (action: Issue['action']) => (action in strength ? strength[action as Remedy] : -1);

const numbered = (findings: readonly Finding[]) =>
  findings.map(({ message }, index) => `${index + 1}. ${message}`).join('\n');
const correction = (findings: readonly Finding[]) =>
  `Your answer has these faults:\n${numbered(findings)}\nGive the whole corrected answer as one JSON object.`;
const rulesOf = (findings: readonly Finding[]) => `Mind these points:\n${numbered(findings)}`;
