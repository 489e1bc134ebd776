import type { Question, Wanted } from './questions.ts';
import type { Random } from './random.ts';

/** A right answer in an unusual form, or about an unusual picture; undefined where it cannot be one. */
export interface RightKind extends Wanted {
  readonly write: (question: Question, random: Random) => string | undefined;
  /** Why some would call it wrong: shown, not counted. */
  readonly disputed?: string;
}
