import type { CoordinateMode, Definition, Field } from '../../workflows/goflow/contracts/analysis.ts';
import type { QaStage } from '../../workflows/goflow/contracts/qa-stages.ts';
import type { RuleParams } from '../../workflows/goflow/contracts/qa-rules.ts';
import type { Json } from '../vision/fields.ts';
import type { ImageForModel, Inference } from '../vision/provider.ts';
import type { ImageFacts } from './image-facts.ts';
import type { Reading } from './structural/reading.ts';

/** One answer and all that it is judged by. */
export interface Answer {
  readonly inference: Inference;
  readonly definition: Definition;
  readonly image: ImageForModel;
  /** Every word that was sent as user. */
  readonly prompt: string;
  /** The system prompt, to recognise where it is said again. */
  readonly system?: string;
  readonly facts: ImageFacts;
  /** What the boxes of this model have shown so far, this answer's included. */
  readonly scale?: ScaleSeen;
}

/** What the boxes of all answers of one model, in one coordinate mode, have shown of how they are meant. */
export interface ScaleSeen {
  /** How many images larger than 1000 pixels had boxes, and none beyond 1000; with `reading`, how many had boxes. */
  readonly images: number;
  /** How likely that is where the mode is right, 0..1. */
  readonly chance: number;
  /** What suits the images better than the mode. */
  readonly reading?: OtherReading;
}

/** Another way in which the numbers of a model may be meant. */
export interface OtherReading {
  readonly mode: CoordinateMode;
  /** Of the sides of the image as sent: of a picture of that size the model counts the pixels. */
  readonly scale: number;
}

/** An answer in GoFlow's shape. */
export type Result = { [key: string]: Json };

/** What the structural stage looks at. */
export interface RawAnswer extends Answer {
  /** With numbers as numbers and percentages 0 to 100, however they were written. */
  readonly reading: Reading;
  /** Paths of numbers that were written as texts. */
  readonly unquoted: readonly string[];
  /** Paths of percentages that were written as shares 0 to 1. */
  readonly rescaled: readonly string[];
}

/** What the later stages look at. */
export interface ParsedAnswer extends RawAnswer {
  readonly result: Result;
  readonly texts: readonly TextAt[];
  readonly boxes: readonly BoxAt[];
  readonly fields: readonly FieldAt[];
}

/** A value of the result with its field. */
export interface FieldAt {
  readonly path: string;
  /** Dotted names without list positions. */
  readonly name: string;
  readonly field: Field;
  readonly value: Json;
}

/** What a text is for decides by which rules it is judged. */
export type TextKind = 'prose' | 'label' | 'transcript';

export interface TextAt {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly kind: TextKind;
  readonly describe: string | undefined;
  readonly maxLength: number;
}

export interface BoxAt {
  readonly path: string;
  /** As the model wrote it: what the model is told about. */
  readonly written: { readonly path: string; readonly numbers: readonly number[] } | undefined;
  /** Boxes of one list are compared with each other. */
  readonly list: string;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly label: string | undefined;
  /** What tells this thing from others: its label, choices, yes or no, and what was read, as they stand beside the box. */
  readonly marks: string;
  /** 0..1, where the same object has one. */
  readonly confidence: number | undefined;
}

/** What a rule found. */
export interface Fault {
  readonly path: string;
  /** Written for the model and for an operator alike. */
  readonly message: string;
  /** What stands there instead once it is fixed; without a value the fix is done already, and is only told. */
  readonly fix?: { readonly value?: Json };
  /** Nobody can live with it, whatever the rule says of giving up. */
  readonly isGrave?: true;
  /** Not the model's fault but our own rounding: mended without a word. */
  readonly isOurs?: true;
}

/** Pure: the same answer and params give the same faults. */
export type Rule<Context, Params> = (context: Context, params: Params) => readonly Fault[];

/** One rule for every name of the stage: a name without a rule does not compile. */
export type RuleTable<Context, S extends QaStage> = {
  readonly [N in keyof RuleParams[S]]: Rule<Context, RuleParams[S][N]>;
};
