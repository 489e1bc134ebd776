import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { wordsOf } from '../words.ts';

/** Fields that hold all that was read, and lists of its parts. */
const wholeNames = /(^|\.)(full|whole|entire|complete|all)_(text|transcript(ion)?)$/;
const partNames = /(^|\.)(texts?|lines|words|blocks|parts|entries)$/;

/** A text of all that was read beside a list of its parts: what stands in the one stands in the other. */
export function wholeTextMatches(
  { texts, fields }: ParsedAnswer,
  { min_share }: RuleParams['domain']['whole_text_matches'],
): Fault[] {
  const read = texts.filter(({ kind }) => kind === 'transcript');
  const wholes = read.filter(({ name }) => wholeNames.test(name));
  return wholes.flatMap(({ path, text, maxLength }): Fault[] => {
    const parent = path.slice(0, path.lastIndexOf('.') + 1);
    const list = fields.find((at) => at.field.type === 'list' && at.path.startsWith(parent) && partNames.test(at.name));
    if (list?.field.type !== 'list' || !Array.isArray(list.value)) return [];
    const parts = read.filter((at) => at.path.startsWith(`${list.path}.`)).map((at) => at.text);
    const isListFull = list.value.length >= list.field.maxItems;
    const isTextFull = text.length > maxLength * 0.9;
    const [whole, together] = [wordsOf(text), wordsOf(parts.join('\n'))];
    const isApart =
      (!isListFull && shareIn(whole, together) < min_share) || (!isTextFull && shareIn(together, whole) < min_share);
    return isApart ? [{ path, message: `${path}: it says something else than ${list.path}` }] : [];
  });
}

/** The share of letters that stand in the other text, too. Spaces do not count: not all scripts have them. */
function shareIn(words: readonly string[], others: readonly string[]): number {
  const all = others.join('');
  const lengthOf = (some: readonly string[]) => some.reduce((sum, word) => sum + word.length, 0);
  return words.length === 0 ? 1 : lengthOf(words.filter((word) => all.includes(word))) / lengthOf(words);
}
