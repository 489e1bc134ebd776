import type { Rectangle } from '../scene.ts';
import type { CoordinateMode } from '../../../workflows/goflow/contracts/analysis.ts';
import {
  askedNames,
  boxWriter,
  type Fields,
  type Json,
  type JsonObject,
  type Place,
  places,
  put,
  read,
} from '../write.ts';
import type { Subject } from './types.ts';

/** The list of an answer that holds boxes, and what must stay in step with it. */
export interface BoxList {
  readonly boxes: () => Place[];
  /** The right boxes, in pixels of the original. */
  readonly rectangles: () => Rectangle[];
  readonly items: () => Json[];
  readonly replace: (items: readonly Json[]) => void;
  /** Other boxes under the names of the right ones. */
  readonly replaceBoxes: (boxes: readonly Rectangle[]) => void;
}

export function boxListOf({ question, model, random }: Subject): BoxList | undefined {
  const { definition, scene, value } = question;
  const all = () => places(definition, model);
  const list = all().find(({ field }) => field.type === 'list' && holdsBox(field.items));
  if (list?.field.type !== 'list') return undefined;
  const { items: item } = list.field;
  const items = () => read(list) as Json[];
  const replace = (changed: readonly Json[]) => {
    put(list, [...changed]);
    // a count beside the boxes says the same as they do: it is not the fault that is planted
    if ('people_count' in model) model['people_count'] = changed.length;
  };
  const entryOf = (box: Json): Json => {
    if (item.type !== 'object') return box;
    const named = structuredClone(items().length > 0 ? random.pick(items()) : { label: 'circle', confidence: 90 });
    return { ...(named as JsonObject), [boxNameOf(item.fields, definition.coordinates)]: box };
  };
  return {
    boxes: () => all().filter(({ field }) => field.type === 'box'),
    rectangles: () => rectanglesIn(value),
    items,
    replace,
    replaceBoxes: (boxes) => replace(boxes.map((box) => entryOf(boxWriter(definition.coordinates, scene)(box)))),
  };
}

function boxNameOf(fields: Fields, coordinates: CoordinateMode): string {
  const index = Object.values(fields).findIndex(({ type }) => type === 'box');
  return askedNames(fields, coordinates)[index] ?? '';
}

const holdsBox = (field: { type: string; fields?: Record<string, { type: string }> }): boolean =>
  field.type === 'box' || Object.values(field.fields ?? {}).some(({ type }) => type === 'box');

/** In the order in which they are written. */
function rectanglesIn(value: Json): Rectangle[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value) && 'width' in value && 'height' in value) return [value as unknown as Rectangle];
  return Object.values(value).flatMap((inner) => rectanglesIn(inner));
}
