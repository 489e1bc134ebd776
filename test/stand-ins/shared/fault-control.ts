import { z } from 'zod';
import { ControlError, type ControlRoutes } from './control.ts';
import { parseJson } from './http.ts';
import type { FaultRule, Faults } from './faults.ts';

const falseAnswer = {
  status: z.int().min(200).max(599),
  body: z.unknown().exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
};
const milliseconds = z.number().nonnegative();

const faultActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), ...falseAnswer }),
  z.strictObject({ kind: z.literal('answer-after-commit'), ...falseAnswer }),
  z.strictObject({ kind: z.literal('reset'), phase: z.enum(['before', 'after-commit', 'mid-body']) }),
  z.strictObject({
    kind: z.literal('hang'),
    phase: z.enum(['before', 'after-commit']),
    ms: milliseconds.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  z.strictObject({ kind: z.literal('truncate') }),
  z.strictObject({ kind: z.literal('drip'), bytesPerSecond: z.number().positive() }),
]);

/** JSON has no Infinity, so the word stands for it. */
const timesSchema = z.union([z.int().positive(), z.literal('Infinity').transform(() => Infinity)]);

/** `POST faults` takes one rule or a list of them, `DELETE faults` clears them all. */
export function faultControl<Endpoint extends string, Id extends string>(
  faults: Faults<Endpoint, Id>,
  endpoints: readonly Endpoint[],
  ids: readonly Id[],
): ControlRoutes {
  return {
    'POST faults': (body) => {
      const rules = parseRules(body, endpoints, ids);
      for (const rule of rules) faults.add(rule);
      return { added: rules.length };
    },
    'DELETE faults': () => {
      faults.clear();
      return { cleared: true };
    },
  };
}

function parseRules<Endpoint extends string, Id extends string>(
  body: Buffer,
  endpoints: readonly Endpoint[],
  ids: readonly Id[],
): FaultRule<Endpoint, Id>[] {
  const ruleSchema = z.strictObject({
    endpoint: z.enum([...endpoints, 'any']),
    match: z.partialRecord(z.enum([...ids, 'pathIncludes']), z.string()).exactOptional(),
    skip: z.int().nonnegative().exactOptional(),
    times: timesSchema.exactOptional(),
    forMs: milliseconds.exactOptional(),
    share: z.number().min(0).max(1).exactOptional(),
    action: faultActionSchema,
  });
  const value = parseJson(body);
  const parsed = z.array(ruleSchema).safeParse(Array.isArray(value) ? value : [value]);
  if (!parsed.success) throw new ControlError(z.prettifyError(parsed.error));
  return parsed.data as unknown as FaultRule<Endpoint, Id>[]; // zod cannot follow the two type parameters
}
