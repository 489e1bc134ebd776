import { z } from 'zod';

const statusBody = z.object({ status: z.enum(['processing', 'completed']) });

const resultBody = z.strictObject({
  modelUsed: z.string(),
  userPromptUsed: z.string(),
  systemPromptUsed: z.string(),
  status: z.literal('completed'),
  analysisResult: z.record(z.string(), z.unknown()),
});

const reportBody = z.object({
  type: z.string(),
  report: z.object({
    summary: z.string(),
    details: z.looseObject({
      total_media_processed: z.int(),
      total_analyses_completed: z.int(),
      processing_time_minutes: z.number(),
      success_rate: z.number(),
      analysis_types_completed: z.array(z.string()),
      key_findings: z.array(z.string()),
    }),
  }),
});

const bodySchemas = { E2: statusBody, E3: resultBody, E4: reportBody } as const;

/** One entry of a FastAPI-like 422 answer. */
interface ValidationDetail {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** What is wrong with the body of a call; empty: nothing. */
export function validateBody(endpoint: keyof typeof bodySchemas, body: unknown): ValidationDetail[] {
  const parsed = bodySchemas[endpoint].safeParse(body, { reportInput: true });
  return parsed.success ? [] : parsed.error.issues.flatMap(toDetails);
}

function toDetails(issue: z.core.$ZodIssue): ValidationDetail[] {
  const loc = ['body', ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      loc: [...loc, key],
      msg: 'Extra inputs are not permitted',
      type: 'extra_forbidden',
    }));
  }
  if (issue.input === undefined) return [{ loc, msg: 'Field required', type: 'missing' }];
  if (issue.code === 'invalid_type') {
    return [{ loc, msg: `Input should be a valid ${issue.expected}`, type: `${issue.expected}_type` }];
  }
  return [{ loc, msg: issue.message, type: issue.code === 'invalid_value' ? 'literal_error' : 'value_error' }];
}
