import type { CoordinateMode, Field } from '../../workflows/goflow/contracts/analysis.ts';
import { jsonSchemaOf } from '../../activities/vision/fields.ts';
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

/** What the name of a way of writing boxes says: `rel1000-yx-size`. */
export interface Notation {
  readonly unit: 'pixels' | 'rel1000' | 'rel1';
  readonly isYFirst: boolean;
  readonly isSize: boolean;
  readonly isSquare: boolean;
}

export function notationOf(mode: string): Notation {
  const [unit, ...rest] = mode.split('-');
  const has = (word: string) => rest.includes(word);
  const isSquare = has('square');
  return { unit: unit as Notation['unit'], isYFirst: has('yx'), isSize: has('size'), isSquare };
}

export const boxWriter =
  (mode: string, scene: Scene): BoxWriter =>
  (box) =>
    writeBox(notationOf(mode), box, scene);

/** @param scene sizes of the image, before and after it was made ready for the model */
export function writeBox(
  { unit, isYFirst, isSize, isSquare }: Notation,
  box: Rectangle,
  scene: Pick<Scene, 'sent' | 'width' | 'height'>,
): number[] {
  const { sent } = scene;
  const side = isSquare ? Math.max(sent.width, sent.height) : undefined;
  const across = alongOf(box.x, box.width, { side, sent: sent.width, original: scene.width });
  const down = alongOf(box.y, box.height, { side, sent: sent.height, original: scene.height });
  const inUnit = (pixels: number, whole: number) => {
    if (unit === 'pixels') return Math.round(pixels);
    const share = pixels / whole;
    return unit === 'rel1000' ? Math.round(share * 1000) : Math.round(share * 10_000) / 10_000;
  };
  const [x1, x2] = [inUnit(across.from, across.whole), inUnit(across.to, across.whole)];
  const [y1, y2] = [inUnit(down.from, down.whole), inUnit(down.to, down.whole)];
  const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
  const [c, d] = isSize ? [rounded(x2 - x1), rounded(y2 - y1)] : [x2, y2];
  return isYFirst ? [y1, x1, d, c] : [x1, y1, c, d];
}

/** One axis, in pixels of what the model looks at. */
function alongOf(
  start: number,
  length: number,
  { side, sent, original }: { side: number | undefined; sent: number; original: number },
) {
  const margin = side === undefined ? 0 : (side - sent) / 2;
  const scale = sent / original;
  return { from: start * scale + margin, to: (start + length) * scale + margin, whole: side ?? sent };
}

/** An answer as a model writes it. */
export function inModelShape({ fields, coordinates }: Shape, value: Value, writeBox: BoxWriter): JsonObject {
  const asked = askedNames(fields, coordinates);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field], index) => [
      asked[index] ?? name,
      write({ field, coordinates }, value[name] ?? null, writeBox),
    ]),
  );
}

/** What a definition says about the form of an answer. */
export interface Shape {
  readonly fields: Fields;
  readonly coordinates: CoordinateMode;
}

/** The properties by which a model is asked, in the order of the fields: as the server is told. */
export const askedNames = (fields: Fields, coordinates: CoordinateMode): string[] =>
  Object.keys(jsonSchemaOf(fields, coordinates)['properties'] as object);

function write(
  { field, coordinates }: { field: Field; coordinates: CoordinateMode },
  value: Json,
  writeBox: BoxWriter,
): Json {
  switch (field.type) {
    case 'box':
      return writeBox(value as unknown as Rectangle);
    case 'list':
      return (value as Json[]).map((item) => write({ field: field.items, coordinates }, item, writeBox));
    case 'object':
      return inModelShape({ fields: field.fields, coordinates }, value as JsonObject, writeBox);
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
/** Of a place that holds words. */
export const textAt = (place: Place): string => read(place) as string;
export const put = ({ holder, key }: Place, value: Json): void => {
  (holder as JsonObject)[key] = value;
};

/** Every place of an answer, lists and objects before what they hold. */
export function places({ fields, coordinates }: Shape, holder: JsonObject): Place[] {
  const asked = askedNames(fields, coordinates);
  return Object.entries(fields).flatMap(([name, field], index) =>
    placesAt({ field, name, holder, key: asked[index] ?? name }, coordinates),
  );
}

function placesAt(place: Place, coordinates: CoordinateMode): Place[] {
  const { field, name } = place;
  const value = read(place);
  if (field.type === 'list' && Array.isArray(value)) {
    const items = value.map((_, key) => ({ field: field.items, name, holder: value, key }));
    return [place, ...items.flatMap((item) => placesAt(item, coordinates))];
  }
  if (field.type === 'object' && typeof value === 'object' && value !== null)
    return [place, ...places({ fields: field.fields, coordinates }, value as JsonObject)];
  return [place];
}

/** Words that stand in the image are repeated as they are: in any language, and whatever they look like. */
const wasRead = ({ name }: Place) => ['text', 'full_text', 'title'].includes(name);

/** Sentences, not names. */
export const isProse = (place: Place): boolean =>
  place.field.type === 'string' && place.field.maxLength > 100 && !wasRead(place);
export const isName = (place: Place): boolean =>
  place.field.type === 'string' && place.field.maxLength <= 100 && !wasRead(place);
