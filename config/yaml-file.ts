import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type Alias, LineCounter, parseDocument, type Document, visit } from 'yaml';
import type { z } from 'zod';
import './zod-messages.ts';

/** Collects every fault of the configuration, so that all are named at once. */
export class Faults {
  private readonly found = new Set<string>();
  get list(): readonly string[] {
    return [...this.found];
  }
  add(where: string, what: string): void {
    this.found.add(`${where}: ${what}`);
  }
}

export interface YamlFile {
  readonly value: unknown;
  /** It cannot be read or parsed, and that was said: whatever else could be said of it would only follow from that. */
  readonly isBroken?: boolean;
  /** `config/gf25.yaml:12`, the line where this path, or the nearest part of it, stands. */
  where(path: readonly PropertyKey[]): string;
}

/** Reads a YAML file; what cannot be read or parsed is a fault and reads as an empty mapping. */
export function readYaml(path: string, faults: Faults): YamlFile {
  const name = relative(process.cwd(), path);
  const lines = new LineCounter();
  const broken = { value: {}, isBroken: true, where: () => name };
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  try {
    const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
    const errors = whatCounts(document.errors);
    for (const { pos, message } of errors) faults.add(placeOf(pos[0]), inOneLine(message));
    if (errors.length > 0) return broken;
    const alias = aliasOfNothing(document);
    if (alias) {
      faults.add(
        placeOf(alias.range?.[0] ?? 0),
        `the alias *${alias.source} means nothing: no &${alias.source} is before it`,
      );
      return broken;
    }
    const value: unknown = document.toJS() ?? {};
    if (holdsItself(value)) throw new Error('an alias (*) must not stand inside what it means');
    return { value, where: (at) => `${name}:${lineOf(document, lines, at)}` };
  } catch (error) {
    faults.add(name, inOneLine(error instanceof Error ? error.message : String(error)));
    return broken;
  }
}

/** After the first fault of its syntax a parser guesses; that a key stands there twice is a fault each time. */
function whatCounts(errors: Document['errors']): Document['errors'] {
  const wrong = errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  return wrong.length > 0 ? wrong.slice(0, 1) : errors;
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function aliasOfNothing(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** Whoever walks such a value never comes to an end. */
function holdsItself(value: unknown, around: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return around.includes(value) || Object.values(value).some((inner) => holdsItself(inner, [...around, value]));
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lines.linePos(Number(node.range[0])).line;
  }
  return 1;
}

/** Checks a value; every issue becomes a fault with its line and its path. Undefined when there was one. */
export function check<T>(schema: z.ZodType<T>, file: YamlFile, faults: Faults, value = file.value): T | undefined {
  if (file.isBroken) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const { path, message } = issue;
    // a key that nobody knows is looked for itself, and not the mapping around it
    const at = issue.code === 'unrecognized_keys' ? [...path, ...issue.keys.slice(0, 1)] : path;
    faults.add(file.where(at), path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message);
  }
  return undefined;
}
