import { eld } from 'eld/extrasmall';
import { oncePer } from '../once-per.ts';
import type { TextAt } from '../types.ts';
import { saidIn } from './said.ts';

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

/** The language of what a text says itself: two rules ask, and nothing that a rule does is dearer. */
export const detectIn = oncePer((at: TextAt) => detect(saidIn(at)));
