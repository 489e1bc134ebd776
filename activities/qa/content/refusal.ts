import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { matchesAny } from '../patterns.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { wordsOf } from '../words.ts';
import { saidIn } from './said.ts';

/** An answer may be lived with where at most this share of its words sounds like a refusal. */
const maxTolerableShare = 1 / 3;

/** Texts that refuse. One sentence in an answer that says enough beside it may be true of the image. */
export function refusal(
  { texts }: ParsedAnswer,
  { patterns, transcript_patterns = [] }: RuleParams['content']['refusal'],
): Fault[] {
  const refuses = (at: TextAt, text: string) =>
    matchesAny(at.kind === 'transcript' ? transcript_patterns : patterns, text);
  const refusing = texts.filter((at) => refuses(at, saidIn(at)));
  if (refusing.length === 0) return [];
  const words = countWords(texts.map(saidIn));
  const refused = countWords(refusing.flatMap((at) => refusedIn(saidIn(at), (text) => refuses(at, text))));
  const isWhole = refused > words * maxTolerableShare;
  return refusing.map(({ path }) => {
    return { path, message: `${path}: say what you see instead of refusing`, ...(isWhole && { isGrave: true }) };
  });
}

/** A text that begins with a refusal goes on about it: excuses, reasons, offers. */
function refusedIn(said: string, refuses: (text: string) => boolean): string[] {
  const sentences = said.split(/(?<=[.!?。！？])\s*|\n+/u);
  const refused = sentences.filter(refuses);
  return refused.length === 0 || refused[0] === sentences[0] ? [said] : refused;
}

const countWords = (texts: readonly string[]) => texts.reduce((sum, text) => sum + wordsOf(text).length, 0);
