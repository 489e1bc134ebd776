/** The words of a text, lower case, without punctuation. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** A text as it is compared: its words with one space between. */
export const plainly = (text: string) => wordsOf(text).join(' ');

/** Runs of `size` words that follow each other. */
export function ngramsOf(words: readonly string[], size: number): string[] {
  return Array.from({ length: Math.max(0, words.length - size + 1) }, (_, at) => words.slice(at, at + size).join(' '));
}

/** A text without what stands in quotation marks: that is somebody else's. */
export const withoutQuotes = (text: string) =>
  /["'“„«]/.test(text)
    ? text.replaceAll(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, ' ')
    : text;
