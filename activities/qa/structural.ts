import { checkOf, resultOf } from '../vision/fields.ts';
import type { Finding, RawAnswer, Result } from './types.ts';

/** Stage 1: is it a whole answer of the right shape? Parsed, checked with zod, then brought into GoFlow's shape. */
export function checkStructure(answer: RawAnswer): { result: Result; findings: [] } | { findings: Finding[] } {
  const { inference, definition, image } = answer;
  if (inference.finish === 'length')
    return one('finish', 'the answer was cut at the token limit: answer more briefly', 'retry-longer');
  if (inference.finish === 'incomplete') return one('finish', 'the answer broke off before its end', 'reask-fresh');
  const parsed = parseFirstObject(inference.text);
  if (parsed === undefined) return one('json', 'the answer is not a JSON object', 'reask');

  const checked = checkOf(definition.fields, definition.coordinates).safeParse(parsed);
  if (!checked.success) {
    const findings = checked.error.issues.slice(0, 10).map(({ path, message }): Finding => {
      return { rule: 'schema', message: `${path.map(String).join('.') || 'the answer'}: ${message}`, remedy: 'reask' };
    });
    return { findings };
  }
  const frame = {
    mode: definition.coordinates,
    sentWidth: image.width,
    sentHeight: image.height,
    originalWidth: image.originalWidth,
    originalHeight: image.originalHeight,
  };
  return { result: resultOf(definition.fields, checked.data, frame), findings: [] };
}

const one = (rule: string, message: string, remedy: Finding['remedy']) => ({ findings: [{ rule, message, remedy }] });

/** The first JSON object in a text: models like fences and a sentence around it. */
export function parseFirstObject(text: string): Record<string, unknown> | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  for (const candidate of [text.slice(start), text.slice(start, endOfObject(text, start))]) {
    try {
      const parsed: unknown = JSON.parse(candidate);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
        return parsed as Record<string, unknown>;
    } catch {
      // the next candidate is shorter; without one the caller asks again
    }
  }
  return undefined;
}

/** Behind the brace that closes the object, braces in strings aside. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '"') isInString = !isInString;
    else if (!isInString && character === '{') depth += 1;
    else if (!isInString && character === '}' && --depth === 0) return index + 1;
  }
  return text.length;
}
