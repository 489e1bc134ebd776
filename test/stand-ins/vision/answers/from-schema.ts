import type { JsonSchema } from '../engine/inference.ts';
import { boxNumbers, boxSides, isBoxName } from './boxes.ts';
import { besideOthers, choose, chooseBest, rateByWorst } from './choices.ts';
import { type Colour, isHex, isMainColour, partOfColour } from './colours.ts';
import type { AnswerContext } from './context.ts';
import { countLists } from './counts.ts';
import { coordinateFor, numberFor } from './numbers.ts';
import { asSchema, resolveSchema } from './resolve-schema.ts';
import { nameWithin, stringFor } from './strings.ts';
import { joinTexts } from './whole-text.ts';

/** From here on, only what is required, and null where it is allowed: recursive schemas end. */
const MAX_DEPTH = 8;
const MIN_USUAL_ITEMS = 2;
const MAX_USUAL_ITEMS = 4;
const UNIQUE_TRIES = 20;

/** A value that is valid against the schema and plausible under its name. */
export function valueFor(schema: unknown, name: string, context: AnswerContext, depth = 0): unknown {
  const resolved = resolveSchema(schema, context.root, context.random, depth >= MAX_DEPTH);
  if (resolved.const !== undefined) return resolved.const;
  if (Array.isArray(resolved.enum)) return choose(resolved.enum, name, context.look, context.random);
  const plain = { ...resolved, type: typeOf(resolved) };
  switch (plain.type) {
    case 'object':
      return objectFor(plain, name, context, depth);
    case 'array':
      return (isBoxName(name) && cornersFor(plain, name, context)) || arrayFor(plain, name, context, depth);
    case 'integer':
    case 'number':
      return numberFor(plain, name, context.random);
    case 'boolean':
      return context.random.next() < 0.5;
    case 'null':
      return null;
    default:
      return stringFor(plain, name, context);
  }
}

function typeOf(schema: JsonSchema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((each) => each !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (schema.properties) return 'object';
  return schema.items || schema.prefixItems ? 'array' : 'string';
}

function objectFor(
  schema: JsonSchema,
  ownName: string,
  context: AnswerContext,
  depth: number,
): Record<string, unknown> {
  const properties = Object.entries(asSchema(schema.properties));
  const required = Array.isArray(schema.required) ? schema.required : [];
  const kept = properties.filter(([name]) => depth < MAX_DEPTH || required.includes(name));
  const sides = boxSides(kept.map(([name]) => name));
  const box = sides.size > 0 ? context.box() : undefined;
  const colour = describedColour(kept, context);
  const value: Record<string, unknown> = {};
  for (const [name, property] of kept) {
    const side = sides.get(name);
    value[name] =
      side && box
        ? coordinateFor(asSchema(property), side(box))
        : ((colour && partOfColour(colour, name, asSchema(property))) ??
          valueFor(kept.length > 1 ? besideOthers(property) : property, nameWithin(ownName, name), context, depth + 1));
  }
  countLists(value, Object.fromEntries(kept));
  joinTexts(value, Object.fromEntries(kept));
  rateByWorst(value, Object.fromEntries(kept));
  chooseBest(value);
  if (properties.length === 0 && depth < MAX_DEPTH && isSchema(schema.additionalProperties)) {
    for (const key of [context.label(), context.label()]) {
      value[key] = valueFor(schema.additionalProperties, key, context, depth + 1);
    }
  }
  return value;
}

/** The colour that an object is about: one with a hex code that does not stand for the whole image. */
function describedColour(
  properties: readonly (readonly [string, unknown])[],
  context: AnswerContext,
): Colour | undefined {
  const isAbout = properties.some(([name, property]) => isHex(name, asSchema(property)) && !isMainColour(name));
  return isAbout ? context.colour() : undefined;
}

/** Ordered corners where the schema allows four numbers; a list of boxes is a list like any other. */
function cornersFor(schema: JsonSchema, name: string, context: AnswerContext): number[] | undefined {
  const items = asSchema(Array.isArray(schema.prefixItems) ? schema.prefixItems[0] : schema.items);
  const resolved = resolveSchema(items, context.root, context.random, false);
  const plain = { ...resolved, type: typeOf({ type: 'number', ...resolved }) };
  if (plain.type !== 'integer' && plain.type !== 'number') return undefined;
  return boxNumbers(name, context.box()).map((at) => coordinateFor(plain, at));
}

function arrayFor(schema: JsonSchema, name: string, context: AnswerContext, depth: number): unknown[] {
  const tuple: unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const min = Math.max(tuple.length, typeof schema.minItems === 'number' ? schema.minItems : 0);
  const max = typeof schema.maxItems === 'number' ? schema.maxItems : Infinity;
  const usual = tuple.length > 0 || depth >= MAX_DEPTH ? 0 : context.random.integer(MIN_USUAL_ITEMS, MAX_USUAL_ITEMS);
  const items = resolveSchema(schema.items, context.root, context.random, true);
  const choices = Array.isArray(items.enum) ? items.enum.length : Infinity;
  const wanted = holdsColours(items, name) ? context.colours.length : Math.min(usual, choices);
  const length = Math.min(max, Math.max(min, wanted));
  const values: unknown[] = [];
  for (let index = 0; index < length; index += 1) {
    const item = tuple[index] ?? schema.items ?? {};
    values.push(
      schema.uniqueItems === true || choices < Infinity || typeOf(items) === 'string'
        ? unlike(values, item, name, context, depth)
        : valueFor(item, name, context, depth + 1),
    );
  }
  return values;
}

function holdsColours(items: JsonSchema, name: string): boolean {
  const properties = Object.entries(asSchema(items.properties));
  return isHex(name, items) || properties.some(([own, property]) => isHex(own, asSchema(property)));
}

function unlike(
  others: readonly unknown[],
  item: unknown,
  name: string,
  context: AnswerContext,
  depth: number,
): unknown {
  const taken = new Set(others.map((other) => JSON.stringify(other)));
  let value = valueFor(item, name, context, depth + 1);
  for (let tries = 1; tries < UNIQUE_TRIES && taken.has(JSON.stringify(value)); tries += 1) {
    value = valueFor(item, name, context, depth + 1);
  }
  return value;
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
