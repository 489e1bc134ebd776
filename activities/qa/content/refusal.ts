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
    at.kind === 'transcript' ? matchesAny(transcript_patterns, text) : matchesAny(patterns, withoutReadOut(text));
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

/** What a thing says in the first person, without quotation marks: "a sign that says I cannot breathe". */
const readOut =
  /(?<!\b(polic(y|ies)|guidelines?|rules?|instructions?|safety|system|prompt|training|programming) )\b(says?|saying|said|reads|reading) (that )?((?:\p{Lu}[\p{L}']*[,!]? ){0,3}I(?:'m|'ve|'ll|'d)? [^,;.!?:]*)/gu;
/** But what it cannot do is not what was asked. */
const ofTheTask =
  /\b(describ|identif|assist|help|compl[iy]|analy[sz]|process|provid|view|access|answer|discuss|comment|see|read|share|give|do (this|that|so)|image|picture|photo|request|content)/i;

const withoutReadOut = (text: string) =>
  text.replace(readOut, (whole, ...groups: unknown[]) => (ofTheTask.test(String(groups[3])) ? whole : ' '));

const countWords = (texts: readonly string[]) => texts.reduce((sum, text) => sum + wordsOf(text).length, 0);
