import { z } from 'zod';
import type { CallBook } from './records.ts';
import type { Wire } from './router.ts';
import { type Script, scriptRuleSchema } from './script.ts';
import type { Stats, TimeWindow } from './stats.ts';

export interface ControlParts {
  readonly script: Script;
  readonly calls: CallBook;
  readonly stats: (window: TimeWindow) => Stats;
}

/** Where tests in other processes, and people with curl, steer and read the stand-in. */
export const CONTROL_PATH = '/_stand-in/';

const rulesSchema = z.union([scriptRuleSchema.transform((rule) => [rule]), z.array(scriptRuleSchema)]);
const momentSchema = z.coerce.number().optional();

export function controlRoutes({ script, calls, stats }: ControlParts): Wire {
  return [
    {
      method: 'POST',
      path: `${CONTROL_PATH}script`,
      handle: async (exchange) => {
        const { value } = await exchange.jsonBody().catch(() => ({ value: undefined }));
        const rules = rulesSchema.safeParse(value);
        if (!rules.success) {
          exchange.json(400, { error: z.prettifyError(rules.error) });
          return;
        }
        script.add(...rules.data);
        exchange.json(201, { added: rules.data.length });
      },
    },
    {
      method: 'DELETE',
      path: `${CONTROL_PATH}script`,
      handle: (exchange) => {
        script.clear();
        exchange.json(200, { cleared: true });
      },
    },
    { method: 'GET', path: `${CONTROL_PATH}calls`, handle: (exchange) => exchange.json(200, calls.records()) },
    {
      method: 'GET',
      path: `${CONTROL_PATH}stats`,
      handle: (exchange) => {
        const fromMs = momentSchema.safeParse(exchange.query.get('fromMs') ?? undefined);
        const toMs = momentSchema.safeParse(exchange.query.get('toMs') ?? undefined);
        if (fromMs.success && toMs.success) exchange.json(200, stats({ fromMs: fromMs.data, toMs: toMs.data }));
        else exchange.json(400, { error: 'fromMs, toMs: milliseconds of the monotonic clock' });
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_PATH}health`,
      handle: (exchange) => exchange.json(200, { status: 'ok', service: 'vision stand-in' }),
    },
  ];
}
