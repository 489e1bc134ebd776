import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { eachText } from './each-text.ts';

type Params = RuleParams['content']['text_sanity'];

/** Texts with broken characters, or of signs and hardly a word. */
export const textSanity = (answer: ParsedAnswer, params: Params): Fault[] =>
  eachText(answer, ['prose', 'label', 'transcript'], (at) => {
    if (brokenCharacters.test(at.text)) return `${at.path}: there are broken characters in it`;
    return at.kind !== 'label' && isMostlySigns(at, params)
      ? `${at.path}: it is mostly signs and hardly words`
      : undefined;
  });

function isMostlySigns({ text, kind }: TextAt, { min_alphanumeric_share, min_characters }: Params): boolean {
  const visible = text.replaceAll(/\s+/g, '');
  if (visible.length < min_characters) return false;
  if (kind === 'prose')
    return visible.replaceAll(/[^\p{L}\p{M}]+/gu, '').length < min_alphanumeric_share * visible.length;
  // in print, the dots up to a price and a line to write on count once
  const counted = visible.replaceAll(/([^\p{L}\p{N}])\1+/gu, '$1');
  return counted.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '').length < min_alphanumeric_share * counted.length;
}

/** Replacement, control, private and lone-surrogate characters, and UTF-8 that was read as Latin-1. */
const brokenCharacters =
  /[\uFFFD-\uFFFF\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\p{Cs}\p{Co}]|Ã[\u0080-\u00BF]|â€[™œ“]/u;
