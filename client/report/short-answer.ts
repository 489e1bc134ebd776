import { nameOf } from './name-of.ts';

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
  ({ image_description: description, alt_text: alternative }) => textOf(description) ?? textOf(alternative),
  // what begins with a summary is said by it; elsewhere it is one field of several
  (result) => (Object.keys(result)[0] === 'summary' ? textOf(result['summary']) : undefined),
  ({ texts, full_text: text }) => (isList(texts) ? (textOf(text) ?? 'no text') : undefined),
  ({ keywords }) => (isList(keywords) ? listText(keywords) : undefined),
  (result) =>
    Object.entries(result)
      .flatMap(([name, value]) => fieldText(name, value))
      .join(' · ') || undefined,
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
    const name = nameOf(object) ?? 'something';
    const { count } = (object ?? {}) as { count?: unknown };
    counts.set(name, (counts.get(name) ?? 0) + (typeof count === 'number' ? count : 1));
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
  const text = isList(value) ? listText(value) : scalarText(value);
  return text === undefined ? [] : [`${name.replaceAll('_', ' ')}: ${text}`];
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return textOf(value);
  // between the whole numbers only shares are reported
  return value > 0 && value < 1 ? `${Math.round(value * 100)} %` : String(value);
}

function listText(items: readonly unknown[]): string {
  if (items.length === 0) return 'none';
  const texts = items.map(textOf).filter((text) => text !== undefined);
  if (texts.length === items.length) return texts.join(', ');
  return items.every((item) => nameOf(item) !== undefined) ? countNames(items) : `×${items.length}`;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : undefined);
