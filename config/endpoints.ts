import { z } from 'zod';
import { apiSchema } from './api.ts';
import { seconds } from './seconds.ts';

const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not a regular expression: ${String(error)}` });
    return z.NEVER;
  }
});
const patterns = z.array(pattern);

/** An endpoint whose path holds these ids, each once or more, and no others. */
function endpointFor(...ids: readonly string[]) {
  const wanted = ids.map((id) => `{${id}}`);
  return z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT']),
    path: z
      .string()
      .startsWith('/')
      .refine((path) => wanted.every((id) => path.includes(id)), { error: `must hold ${wanted.join(', ')}` })
      .refine((path) => !/[{}]/.test(wanted.reduce((rest, id) => rest.replaceAll(id, ''), path)), {
        error: `may hold ${wanted.length > 0 ? wanted.join(', ') : 'no ids'} in braces, and nothing else`,
      }),
    /** Quick attempts after the first one. */
    retries: z.int().min(0),
    callTimeoutSeconds: seconds.optional(),
  });
}

/** `api_endpoints.yaml`. */
export const endpointsSchema = z.strictObject({
  goflow: z.strictObject({
    connectTimeoutSeconds: seconds,
    callTimeoutSeconds: seconds,
    endpoints: z.strictObject({
      nextJob: endpointFor(),
      setStatus: endpointFor('projectId'),
      submitResult: endpointFor('projectId', 'mediaId', 'analysisId'),
      submitReport: endpointFor('projectId'),
    }),
    backoff: z
      .strictObject({ firstSeconds: seconds, maxSeconds: seconds, serverErrorFactor: z.number().min(1) })
      .refine(({ firstSeconds, maxSeconds }) => firstSeconds <= maxSeconds, {
        path: ['firstSeconds'],
        error: 'is above maxSeconds',
      }),
    statusValues: z.strictObject({ processing: z.string().min(1), completed: z.string().min(1) }),
    alreadyDone: patterns,
    saysOtherwise: patterns,
  }),
  api: apiSchema,
});
export type Endpoints = z.infer<typeof endpointsSchema>;
