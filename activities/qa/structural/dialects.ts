/** What an answer was written in that is no JSON, though it says the same. */
export interface Translated {
  readonly text: string;
  /** What was put right, each once. */
  readonly dialects: readonly string[];
}

const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };

/** A string is taken whole, so that nothing inside of one is changed. One that never ends takes the rest. */
const string = String.raw`"(?:[^"\\]|\\[^])*(?:"|$)`;
const foreign = new RegExp(
  String.raw`${string}|'((?:[^'\\]|\\[^])*)(?:'|$)|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|\b(True|False|None)\b`,
  'g',
);
const lastComma = new RegExp(String.raw`${string}|,(?=\s*[}\]])`, 'g');

/**
 * What Python and JavaScript write where JSON is meant, in JSON: single quotes, True, False and None, comments and a last
 * comma. Nothing is added that was not said: what breaks off, or is no object, is none afterwards either.
 */
export function inStrictJson(object: string): Translated {
  const dialects = new Set<string>();
  const told = (what: string, text: string) => {
    dialects.add(what);
    return text;
  };
  const text = object
    .replace(foreign, (token: string, quoted?: string, word?: string) => {
      if (token.startsWith('"')) return token;
      if (quoted !== undefined) return told('single quotes', inDoubleQuotes(quoted));
      return word === undefined ? told('comments', ' ') : told("Python's words", words[word] ?? word);
    })
    .replace(lastComma, (token) => (token === ',' ? told('a comma after the last one', '') : token));
  return { text, dialects: [...dialects] };
}

const inDoubleQuotes = (quoted: string) =>
  `"${quoted.replace(/\\'|\\.|"/g, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))}"`;
