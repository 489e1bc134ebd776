/** What an entry of an answer's list is called, by the first of its fields that says so. */
export function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields = entry as Readonly<Record<string, unknown>>;
  return telling.map((name) => fields[name]).find((text): text is string => typeof text === 'string' && text !== '');
}

const telling = ['name', 'label', 'kind', 'category', 'activity', 'text'];
