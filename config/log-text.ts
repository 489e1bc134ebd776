/**
 * Foreign text in a log must not look like a line of it, nor steer the terminal that shows it. JSON escapes the control
 * characters of ASCII by itself; the others are as dangerous: C1 (0x9b begins an ANSI sequence), line separators, and
 * marks that turn the direction of writing.
 */
const notEscapedByJson = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @param line of JSON; it stays JSON and says the same */
export const escapeLine = (line: string): string => line.replace(notEscapedByJson, escaped);

/**
 * For the pretty form, which shows strings as they are: every one is made a single line of visible characters. Only the
 * lines of a stack stay lines.
 *
 * @param line of JSON
 */
export function flattenLine(line: string): string {
  const flat = JSON.stringify(JSON.parse(line), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stack'
      ? value
          .split(/\n(?=\s+at )/)
          .map(visible)
          .join('\n')
      : visible(value);
  });
  return `${flat}\n`;
}

const visible = (text: string) => text.replace(/[\u0000-\u001f]/g, escaped).replace(notEscapedByJson, escaped);
