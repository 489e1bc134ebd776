import type { QaSettings } from '../../workflows/goflow/contracts/qa.ts';
import type { Field } from '../../workflows/goflow/contracts/analysis.ts';
import type { Json } from '../vision/fields.ts';
import { matchesAny } from './patterns.ts';
import { plainly } from './words.ts';
import { modelBoxes } from './structural/box-order.ts';
import type { BoxAt, FieldAt, ParsedAnswer, RawAnswer, Result, TextAt, TextKind } from './types.ts';

/** A result laid out for the rules: its fields, texts and boxes with their paths. */
export function parsedAnswer(raw: RawAnswer, result: Result, { fields: names }: QaSettings): ParsedAnswer {
  const fields = [...walk(raw.definition.fields, result)];
  const kindOf = (at: FieldAt): TextKind => {
    const isRead = matchesAny(names.transcript, at.name) || matchesAny(names.described ?? [], at.field.describe ?? '');
    if (isRead) return 'transcript';
    return matchesAny(names.label, at.name) ? 'label' : 'prose';
  };
  const texts = fields.flatMap((at): TextAt[] => {
    if (at.field.type !== 'string' || typeof at.value !== 'string') return [];
    const { path, name, value, field } = at;
    return [{ path, name, text: value, kind: kindOf(at), describe: field.describe, maxLength: field.maxLength }];
  });
  const found = fields.filter(({ field }) => field.type === 'box').map((at) => boxAt(at, fields, texts));
  const written = modelBoxes(raw);
  // positions agree as long as no rule has taken a box out
  const boxes = found.map((box, index) => ({
    ...box,
    written: found.length === written.length ? written[index] : undefined,
  }));
  return { ...raw, result, fields, texts, boxes };
}

function boxAt({ path, value }: FieldAt, fields: readonly FieldAt[], texts: readonly TextAt[]): Omit<BoxAt, 'written'> {
  const isItem = /\.\d+$/.test(path);
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const isSibling = (at: { path: string }) =>
    !isItem && at.path.startsWith(`${parent}.`) && !at.path.slice(parent.length + 1).includes('.');
  const confidence = fields.find((at) => isSibling(at) && at.field.type === 'percent')?.value;
  const marks = fields.filter(
    (at) =>
      isSibling(at) && (isMark[at.field.type] ?? texts.some((text) => text.path === at.path && text.kind !== 'prose')),
  );
  return {
    path,
    list: path.replaceAll(/\.\d+(?=\.|$)/g, ''),
    box: value as unknown as BoxAt['box'],
    label: texts.find((at) => isSibling(at) && at.kind === 'label')?.text,
    marks: JSON.stringify(marks.map(({ value: mark }) => (typeof mark === 'string' ? plainly(mark) : mark))),
    confidence: typeof confidence === 'number' ? confidence : undefined,
  };
}

/** Numbers are estimated anew for the same thing; a text is a mark unless it is prose. */
const isMark: Partial<Record<Field['type'], boolean>> = { enum: true, boolean: true };

function* walk(fields: Readonly<Record<string, Field>>, value: Json, path = '', name = ''): Generator<FieldAt> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, field] of Object.entries(fields)) {
    const inner = value[key];
    if (inner !== undefined) yield* walkField(field, inner, join(path, key), join(name, key));
  }
}

function* walkField(field: Field, value: Json, path: string, name: string): Generator<FieldAt> {
  yield { path, name, field, value };
  if (field.type === 'object') yield* walk(field.fields, value, path, name);
  if (field.type !== 'list' || !Array.isArray(value)) return;
  for (const [index, item] of value.entries()) yield* walkField(field.items, item, `${path}.${index}`, name);
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
