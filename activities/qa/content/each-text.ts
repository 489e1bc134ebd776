import type { Fault, ParsedAnswer, TextAt, TextKind } from '../types.ts';

/** A fault for every text of these kinds about which there is something to say. */
export function eachText(
  { texts }: ParsedAnswer,
  kinds: readonly TextKind[],
  judge: (text: TextAt) => string | undefined,
): Fault[] {
  return texts.flatMap((text): Fault[] => {
    const message = kinds.includes(text.kind) ? judge(text) : undefined;
    return message === undefined ? [] : [{ path: text.path, message }];
  });
}
