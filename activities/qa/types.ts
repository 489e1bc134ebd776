import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import type { QaSettings, QaStage } from '../../workflows/goflow/contracts/qa.ts';
import type { Json } from '../vision/fields.ts';
import type { ImageForModel, Inference } from '../vision/provider.ts';
import type { ImageFacts } from './image-facts.ts';

/** What the model is asked to do about a fault. */
export type Remedy =
  /** Append the bad answer and what is wrong with it: the prefix cache keeps all of it. */
  | 'reask'
  /** Start over with the fault as a rule: appending would anchor a refusal or an invention. */
  | 'reask-fresh'
  /** The answer was cut: start over with more room. */
  | 'retry-longer';

/** What a rule found. `message` is written for the model and for an operator alike. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly remedy: Remedy;
}

/** What a rule changed by itself, in words. */
export type Fix = string;

export type Result = { [key: string]: Json };

/** What the structural stage looks at. */
export interface RawAnswer {
  readonly inference: Inference;
  readonly definition: Definition;
  readonly image: ImageForModel;
}

/** What the later stages look at: an answer in GoFlow's shape. */
export interface ParsedAnswer {
  readonly result: Result;
  readonly definition: Definition;
  readonly image: ImageForModel;
  readonly settings: QaSettings;
}

/** One answer and all that it is judged by. */
export interface Answer extends RawAnswer {
  /** The question as it was sent. */
  readonly prompt: string;
  readonly facts: ImageFacts;
}

/** What was done about a fault. */
export type Action = 'fix' | 'filter' | 'flag' | Remedy;

/** One fault of an answer: what is wrong where, and what was done about it. */
export interface Issue {
  readonly stage: QaStage;
  readonly rule: string;
  /** `objects.2.box`; empty where it is the whole answer. */
  readonly path: string;
  /** Written for the model and for an operator alike. */
  readonly message: string;
  readonly action: Action;
}
