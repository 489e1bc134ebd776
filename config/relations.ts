import type { Field } from '../workflows/goflow/contracts/analysis.ts';
import type { FieldTest, Relations } from '../workflows/goflow/contracts/qa-relations.ts';
import type { Rules } from '../workflows/goflow/contracts/qa-rules.ts';

type Fields = Readonly<Record<string, Field>>;
interface FaultAt {
  readonly path: string[];
  readonly message: string;
}

/** What is wrong with the relations of a definition: fields and values that it does not have. Paths are below its `qa`. */
export function relationFaultsIn(fields: Fields, { domain }: Rules): FaultAt[] {
  const config = domain.find(({ rule }) => rule === 'fields_agree');
  if (config === undefined) return [];
  const { relations, at_least_worst_of } = config.params as Relations;
  const tests = relations.flatMap((relation, index) =>
    (['when', 'then'] as const).flatMap((side) =>
      Object.entries(relation[side]).map(([name, test]) => ({
        path: ['relations', String(index), side, name],
        name,
        test,
      })),
    ),
  );
  return [
    ...tests.flatMap(({ path, name, test }) => faultAt(path, faultOf(fieldAt(fields, name), test))),
    ...Object.entries(at_least_worst_of).flatMap(([whole, part]) =>
      faultAt(['at_least_worst_of', whole], rankFaultOf(fieldAt(fields, whole), fieldAt(fields, part))),
    ),
  ].map(({ path, message }) => ({ path: ['fields_agree', 'params', ...path], message }));
}

const faultAt = (path: string[], message: string | undefined): FaultAt[] =>
  message === undefined ? [] : [{ path, message }];

/** By a dotted name without list positions; lists are passed through. */
function fieldAt(fields: Fields, name: string): Field | undefined {
  const [first = '', ...rest] = name.split('.');
  const field = fields[first];
  if (field === undefined || rest.length === 0) return field;
  const inner = field.type === 'list' ? field.items : field;
  return inner.type === 'object' ? fieldAt(inner.fields, rest.join('.')) : undefined;
}

const noField = 'there is no such field';

function faultOf(field: Field | undefined, test: FieldTest): string | undefined {
  if (field === undefined) return noField;
  if (typeof test === 'string')
    return ['list', 'string'].includes(field.type) ? undefined : `a field of type ${field.type} is never empty`;
  const holder = field.type === 'list' ? field.items : field;
  if (Array.isArray(test)) {
    const wrong = test.find((value) => !canBe(holder, value));
    return wrong === undefined ? undefined : `it can never be ${JSON.stringify(wrong)}`;
  }
  return ['integer', 'number', 'percent'].includes(holder.type) ? undefined : 'it is no number';
}

function canBe(field: Field, value: string | boolean): boolean {
  if (field.type === 'enum') return field.values.includes(String(value));
  return field.type === (typeof value === 'boolean' ? 'boolean' : 'string');
}

function rankFaultOf(whole: Field | undefined, part: Field | undefined): string | undefined {
  if (whole === undefined || part === undefined) return noField;
  if (whole.type !== 'enum' || part.type !== 'enum') return 'both must be of type enum';
  const [unknown] = part.values.filter((value) => !whole.values.includes(value));
  return unknown === undefined ? undefined : `it can never be "${unknown}"`;
}
