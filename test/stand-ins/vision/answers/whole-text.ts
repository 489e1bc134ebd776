import type { JsonSchema } from '../engine/inference.ts';
import { asSchema } from './resolve-schema.ts';

const IS_WHOLE = /^(full|whole|all)_?text$/i;

/** Sets the text of everything to the texts of the list beside it, one line each: `full_text` beside `texts`. */
export function joinTexts(value: Record<string, unknown>, properties: JsonSchema): void {
  const name = Object.keys(value).find((key) => IS_WHOLE.test(key));
  const lines = Object.values(value).flatMap((list) => (Array.isArray(list) ? list.flatMap(textIn) : []));
  if (name === undefined || lines.length === 0) return;
  const { maxLength } = asSchema(properties[name]);
  value[name] = lines.join('\n').slice(0, typeof maxLength === 'number' ? maxLength : undefined);
}

function textIn(item: unknown): string[] {
  const text = typeof item === 'object' && item !== null && 'text' in item ? item.text : undefined;
  return typeof text === 'string' ? [text] : [];
}
