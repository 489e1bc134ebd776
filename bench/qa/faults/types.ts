import type { Inference } from '../../../activities/vision/provider.ts';
import type { Question, Wanted } from '../questions.ts';
import type { Random } from '../random.ts';
import type { Json, JsonObject } from '../write.ts';

export interface Subject {
  readonly question: Question;
  /** The right answer in the model's shape: a copy that a fault may change. */
  readonly model: JsonObject;
  readonly random: Random;
}

/** A wrong answer: its text, or what is written as JSON. */
export interface Planted {
  readonly text?: string;
  readonly json?: Json;
  readonly finish?: Inference['finish'];
}

/** Plants one fault, or nothing where this answer cannot have it. */
export type Plant = (subject: Subject) => Planted | undefined;

export interface FaultKind extends Wanted {
  readonly plant: Plant;
  /** Why nobody can tell from the answer and the pixels alone: counted apart. */
  readonly hard?: string;
}

export type FaultTable = Readonly<Record<string, FaultKind>>;
