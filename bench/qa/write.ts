import type { CoordinateMode, Field } from '../../workflows/goflow/contracts/analysis.ts';
import type { Rectangle, Scene } from './scene.ts';

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}
/** What a definition asks for, by its own names; boxes are rectangles in pixels of the original. */
export type Value = JsonObject;
export type Fields = Readonly<Record<string, Field>>;

/** How a model writes a box. */
export type BoxWriter = (box: Rectangle) => Json;

const corners = ({ x, y, width, height }: Rectangle) => [x, y, x + width, y + height] as const;

/** For each way of writing boxes: from shares of the image, 0 to 1. */
const writers: Record<CoordinateMode, (shares: Rectangle, sent: Scene['sent']) => number[]> = {
  pixels: (shares, { width, height }) => {
    const [left, top, right, bottom] = corners(shares);
    return [left * width, top * height, right * width, bottom * height].map(Math.round);
  },
  rel1000: (shares) => corners(shares).map((share) => Math.round(share * 1000)),
  'rel1000-yx': (shares) => {
    const [left, top, right, bottom] = corners(shares);
    return [top, left, bottom, right].map((share) => Math.round(share * 1000));
  },
  rel1: (shares) => corners(shares).map((share) => Math.round(share * 10_000) / 10_000),
};
export const coordinateModes = Object.keys(writers) as CoordinateMode[];

export const boxWriter =
  (mode: CoordinateMode, { width, height, sent }: Scene): BoxWriter =>
  (box) =>
    writers[mode]({ x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height }, sent);

/** The property by which a model is asked. */
export const askedName = (name: string, field: Field): string => field.ask ?? (field.type === 'box' ? 'bbox_2d' : name);

/** An answer as a model writes it. */
export function inModelShape(fields: Fields, value: Value, writeBox: BoxWriter): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      askedName(name, field),
      write(field, value[name] ?? null, writeBox),
    ]),
  );
}

function write(field: Field, value: Json, writeBox: BoxWriter): Json {
  switch (field.type) {
    case 'box':
      return writeBox(value as unknown as Rectangle);
    case 'list':
      return (value as Json[]).map((item) => write(field.items, item, writeBox));
    case 'object':
      return inModelShape(field.fields, value as JsonObject, writeBox);
    default:
      return value;
  }
}

/** A place in an answer in the model's shape. */
export interface Place {
  readonly field: Field;
  readonly name: string;
  readonly holder: JsonObject | Json[];
  readonly key: string | number;
}

export const read = ({ holder, key }: Place): Json => (holder as JsonObject)[key] ?? null;
export const put = ({ holder, key }: Place, value: Json): void => {
  (holder as JsonObject)[key] = value;
};

/** Every place of an answer, lists and objects before what they hold. */
export function places(fields: Fields, holder: JsonObject): Place[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const key = askedName(name, field);
    return placesAt({ field, name, holder, key });
  });
}

function placesAt(place: Place): Place[] {
  const { field, name } = place;
  const value = read(place);
  if (field.type === 'list' && Array.isArray(value))
    return [place, ...value.flatMap((_, key) => placesAt({ field: field.items, name, holder: value, key }))];
  if (field.type === 'object' && typeof value === 'object' && value !== null)
    return [place, ...places(field.fields, value as JsonObject)];
  return [place];
}

/** Sentences, not names. */
export const isProse = ({ field }: Place): boolean => field.type === 'string' && field.maxLength > 100;
export const isName = ({ field }: Place): boolean => field.type === 'string' && field.maxLength <= 100;
