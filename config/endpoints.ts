import { z } from 'zod';
import { apiSchema } from './api.ts';

const seconds = z.number().positive();
const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not a regular expression: ${String(error)}` });
    return z.NEVER;
  }
});
const patterns = z.array(pattern);

const endpoint = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT']),
  path: z
    .string()
    .startsWith('/')
    .refine((path) => !/[{}]/.test(path.replace(/\{(projectId|mediaId|analysisId)\}/g, '')), {
      error: 'knows {projectId}, {mediaId} and {analysisId} only',
    }),
  /** Quick attempts after the first one. */
  retries: z.int().min(0),
  callTimeoutSeconds: seconds.optional(),
});

/** `api_endpoints.yaml`. */
export const endpointsSchema = z.strictObject({
  goflow: z.strictObject({
    connectTimeoutSeconds: seconds,
    callTimeoutSeconds: seconds,
    endpoints: z.strictObject({
      nextJob: endpoint,
      setStatus: endpoint,
      submitResult: endpoint,
      submitReport: endpoint,
    }),
    backoff: z.strictObject({ firstSeconds: seconds, maxSeconds: seconds, serverErrorFactor: z.number().min(1) }),
    statusValues: z.strictObject({ processing: z.string().min(1), completed: z.string().min(1) }),
    alreadyDone: patterns,
    saysOtherwise: patterns,
  }),
  api: apiSchema,
});
export type Endpoints = z.infer<typeof endpointsSchema>;
