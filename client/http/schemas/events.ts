import { z } from 'zod';
import { type ApiErrorCode, apiErrors } from '../api-errors.ts';
import { envelopeSchema } from './common.ts';
import { projectViewSchema } from './project.ts';

const anyCode = Object.keys(apiErrors) as ApiErrorCode[];

/** JSON inside a text, in the words that JSON Schema has for it. */
function jsonOf(schema: z.ZodType) {
  const { $schema: _, ...contentSchema } = z.toJSONSchema(schema);
  return z.string().meta({ contentMediaType: 'application/json', contentSchema });
}

/** Each server-sent event of a project: OpenAPI 3.1 describes a stream by what one of its events is. */
export const projectEventSchema = z.union([
  z.looseObject({ event: z.literal('progress'), data: jsonOf(projectViewSchema) }).describe('After each change'),
  z.looseObject({ event: z.literal('end'), data: jsonOf(z.object({})) }).describe('After the last one'),
  z.looseObject({ event: z.literal('error'), data: jsonOf(envelopeSchema(anyCode)) }).describe('It cannot go on'),
]);
