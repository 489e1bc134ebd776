import type { z } from 'zod';
import { WireProblem } from './problem.ts';

/** Parses a body; a fault reads like one of Go's JSON decoder. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  if (body === undefined) throw new WireProblem(400, 'missing request body');
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WireProblem(400, `json: cannot unmarshal field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** What the real server does without the field. */
const DEFAULT_KEEP_ALIVE_MS = 300_000;

/** `keep_alive` in milliseconds: seconds as a number, else a Go duration; negative is for ever. */
export function keepAliveMs(value: string | number | null | undefined): number {
  if (value === null || value === undefined) return DEFAULT_KEEP_ALIVE_MS;
  if (typeof value === 'number') return value < 0 ? Infinity : value * 1000;
  if (!/^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/u.test(value)) {
    throw new WireProblem(400, `time: invalid duration ${JSON.stringify(value)}`);
  }
  if (value.startsWith('-')) return Infinity;
  const parts = [...value.matchAll(/([\d.]+)([a-zµ]+)/gu)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}
