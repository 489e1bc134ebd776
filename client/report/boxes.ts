import { nameOf } from './name-of.ts';

/** A box in pixels of the auto-oriented original, with what the answer calls it. */
export interface LabelledBox {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every box of an answer, wherever it stands: named by the object that holds it, else by its field. */
export function boxesOf(value: unknown, fieldName = '', holder: Fields = {}): LabelledBox[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => boxesOf(item, `${fieldName} ${index + 1}`.trim(), {}));
  if (!isFields(value)) return [];
  const { x, y, width, height } = value;
  if (isNumber(x) && isNumber(y) && isNumber(width) && isNumber(height))
    return [{ label: labelOf(holder) ?? fieldName, x, y, width, height }];
  return Object.entries(value).flatMap(([name, item]) => boxesOf(item, name, value));
}

function labelOf(holder: Fields): string | undefined {
  const { confidence } = holder;
  const text = nameOf(holder);
  if (text === undefined) return undefined;
  return isNumber(confidence) ? `${text} ${Math.round(confidence * 100)} %` : text;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
