type Result = Readonly<Record<string, unknown>>;

/** How one shape of answer is said in a few words; undefined when the answer has another shape. */
type Recogniser = (result: Result) => string | undefined;

const recognisers: readonly Recogniser[] = [
  ({ not_applicable, reason }) =>
    not_applicable === true ? `not applicable: ${textOf(reason) ?? 'no reason'}` : undefined,
  ({ objects_detected: objects }) => (isList(objects) ? countNames(objects) : undefined),
  ({ people_count: count }) =>
    typeof count === 'number' ? (count === 1 ? '1 person' : `${count || 'no'} people`) : undefined,
  ({ colours, dominant }) => (isList(colours) ? dominantColour(colours, dominant) : undefined),
  ({ verdict, sharpness }) =>
    typeof verdict === 'string' && typeof sharpness === 'number' ? `${verdict} (sharpness ${sharpness})` : undefined,
  ({ image_description: description, summary }) => textOf(description) ?? textOf(summary),
  (result) =>
    Object.entries(result)
      .flatMap(([name, value]) => fieldText(name, value))
      .join(', ') || undefined,
];

/**
 * What an answer says, in a few words on one line. It goes by the shape of the answer, since a slug may be defined in
 * any way. The text is as foreign as the answer itself: whoever shows it escapes it.
 *
 * @param result the `analysisResult` of E3
 */
export function shortAnswer(result: Result): string {
  for (const recognise of recognisers) {
    const text = recognise(result);
    if (text !== undefined) return oneLine(text);
  }
  return 'an empty answer';
}

/** Control characters could steer a terminal. */
export const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

/** Shortened to a number of characters, with an ellipsis as the last one. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // never half of a character that takes two units
  const kept = text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.trimEnd()}…`;
}

function countNames(objects: readonly unknown[]): string {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const name = textOf((object as { name?: unknown } | null)?.name) ?? 'something';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a);
  return most.map(([name, count]) => `${name} ×${count}`).join(', ') || 'nothing found';
}

function dominantColour(colours: readonly unknown[], dominant: unknown): string {
  const all = colours as readonly ({ hex?: unknown; name?: unknown; share?: unknown } | null)[];
  const first = all.find((colour) => colour?.hex === dominant) ?? all[0];
  const share = typeof first?.share === 'number' ? `${Math.round(first.share * 100)} %` : undefined;
  return [textOf(first?.hex), textOf(first?.name), share].filter(Boolean).join(' ') || 'no colours';
}

function fieldText(name: string, value: unknown): string[] {
  if (name === 'processing_time_seconds') return [];
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : textOf(value);
  if (text !== undefined) return [`${name} ${text}`];
  return isList(value) ? [`${name} ×${value.length}`] : [];
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : undefined);
