/** What both wires make of what a server said. */

/** With some models the answer lands in the thoughts although thinking was turned off (ollama issue 12831). */
export const answerText = (text: string, thinking: string): string => (text.trim() === '' ? thinking : text);

/** A figure under its name, or nothing where the server did not say it. */
export const known = <K extends string>(key: K, value: number | null | undefined) =>
  (value === undefined || value === null ? {} : { [key]: value }) as Partial<Record<K, number>>;
