import { isDeepStrictEqual } from 'node:util';
import { checkAnswer } from '../../activities/qa/check-answer.ts';
import type { QaSettings } from '../../workflows/goflow/contracts/qa.ts';
import type { Case } from './cases.ts';
import type { Question } from './questions.ts';

/** What the product made of one answer. `mended`: the fixes gave exactly the right result. */
export type Judgement = 'refused' | 'mended' | 'changed' | 'flagged' | 'accepted';

export interface Judged {
  readonly case: Case;
  readonly judgement: Judgement;
  /** `stage/rule: message`, as the product reports them. */
  readonly reasons: readonly string[];
}

/** Actions that say: this is not as the model wrote it, or not as good as it looks. */
const telling = ['fix', 'filter', 'flag'];

export function judge(made: Case, settings: QaSettings): Judged {
  const checked = check(made.question, made, settings);
  const reasons = checked.issues.map(({ stage, rule, message, action }) => `${stage}/${rule} (${action}): ${message}`);
  if (!checked.isGood) return { case: made, judgement: 'refused', reasons };
  const told = checked.issues.filter(({ action }) => telling.includes(action));
  if (told.length === 0) return { case: made, judgement: 'accepted', reasons };
  if (told.every(({ action }) => action === 'flag')) return { case: made, judgement: 'flagged', reasons };
  const right = check(made.question, { text: JSON.stringify(made.question.model), finish: 'stop' }, settings);
  const isRight = right.isGood && isDeepStrictEqual(right.result, checked.result);
  return { case: made, judgement: isRight ? 'mended' : 'changed', reasons };
}

function check(
  { definition, picture, prompt, systemPrompt }: Question,
  { text, finish }: Pick<Case, 'text' | 'finish'>,
  settings: QaSettings,
) {
  const inference = { text, finish, model: definition.model, usage: {}, timings: { totalMs: 1 } };
  const { image, facts } = picture;
  return checkAnswer({ inference, definition, image, prompt, system: systemPrompt, facts }, settings);
}
