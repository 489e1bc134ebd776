import type { JsonSchema } from '../engine/inference.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Random } from '../random.ts';

const MAX_STEPS = 32;

/**
 * One plain schema from references, combinations and alternatives. An alternative that is not null is taken when there
 * is one, unless `wantsEnd`: then null, if allowed, ends a recursion.
 *
 * @throws {Refusal} when a reference leads nowhere or in a circle
 */
export function resolveSchema(schema: unknown, root: JsonSchema, random: Random, wantsEnd: boolean): JsonSchema {
  let plain = asSchema(schema);
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const { $ref, allOf, anyOf, oneOf, ...rest } = plain;
    if (typeof $ref === 'string') plain = merge(follow($ref, root), rest);
    else if (Array.isArray(allOf)) plain = allOf.map(asSchema).reduce(merge, { anyOf, oneOf, ...rest });
    else if (Array.isArray(anyOf)) plain = merge(choose(anyOf, random, wantsEnd), { oneOf, ...rest });
    else if (Array.isArray(oneOf)) plain = merge(choose(oneOf, random, wantsEnd), rest);
    else return plain;
  }
  throw new Refusal({ kind: 'bad-schema', reason: 'JSON schema conversion failed: references in a circle' });
}

export function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}

function follow(reference: string, root: JsonSchema): JsonSchema {
  const path = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  let found: unknown = root;
  for (const step of path)
    found = asSchema(found)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  if (!reference.startsWith('#') || found === undefined) {
    throw new Refusal({
      kind: 'bad-schema',
      reason: `JSON schema conversion failed: Error resolving ref ${reference}`,
    });
  }
  return asSchema(found);
}

function choose(alternatives: readonly unknown[], random: Random, wantsEnd: boolean): JsonSchema {
  const isNull = (schema: JsonSchema): boolean => schema.type === 'null' || schema.const === null;
  const schemas = alternatives.map(asSchema);
  const end = wantsEnd ? schemas.find(isNull) : undefined;
  const values = schemas.filter((schema) => !isNull(schema));
  return end ?? (values.length > 0 ? random.pick(values) : (schemas[0] ?? {}));
}

/** Of both: properties and required names are united; of anything else, what the second says holds. */
function merge(a: JsonSchema, b: JsonSchema): JsonSchema {
  const defined = Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined));
  return {
    ...a,
    ...defined,
    ...(a.properties && b.properties ? { properties: { ...asSchema(a.properties), ...asSchema(b.properties) } } : {}),
    ...(Array.isArray(a.required) && Array.isArray(b.required) ? { required: a.required.concat(b.required) } : {}),
  };
}
