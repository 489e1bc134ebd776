import { eld } from 'eld/extrasmall';
import type { TextAt } from '../types.ts';
import { withoutQuotes } from '../words.ts';

export interface Detected {
  /** The likeliest language; empty where none is likely. */
  readonly language: string;
  /** By language, 0..1. */
  readonly scores: Readonly<Record<string, number>>;
}

export function detect(text: string): Detected {
  const detected = eld.detect(text);
  return { language: detected.language, scores: detected.getScores() };
}

/** Two rules ask about the same texts, and nothing that a rule does is dearer. */
const known = new WeakMap<TextAt, Detected>();

/** The language of what a text says itself, without quotes. */
export function detectIn(at: TextAt): Detected {
  const detected = known.get(at) ?? detect(withoutQuotes(at.text));
  known.set(at, detected);
  return detected;
}
