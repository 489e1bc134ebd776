import { z } from 'zod';
import { phases } from '../../../workflows/goflow/contracts/progress.ts';
import { failures } from '../../../workflows/shared/failures.ts';
import type { ApiErrorCode } from '../api-errors.ts';

/** Ids of projects are UUIDs; a job that could not be read is `malformed-` and a digest. */
export const idParams = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the id of a project')
    .describe('Id of the project, or of its workflow'),
});

export const phaseSchema = z.enum(phases);
const time = z.iso.datetime({ offset: true, error: 'must be a time, such as 2026-11-21T16:00:00Z' });
const slug = z.string().regex(/^[^'"\\\u0000-\u001f\u007f-\u009f]{1,200}$/, 'must be a slug, without quotes');
const text = z.string().min(1).max(200);

/** The same conditions select projects of a list and those that a bulk action means. */
export const filterShape = {
  client: slug.optional().describe('Slug of the client'),
  text: text.optional().describe("What the project's id, slug or name, or its client, begins with, in any case"),
  since: time.optional().describe('Started then or later'),
  until: time.optional().describe('Started before'),
};

export const messageSchema = z.object({ message: z.string() });

export const notModified = z.null().describe('The caller has this version already: If-None-Match named it');

/** Any text: an orchestrator may be newer than this API, and Temporal has failures of its own. */
export const failureCodeSchema = z.string().meta({
  description: Object.entries(failures)
    .map(([code, { hint }]) => `${code}: ${hint}`)
    .join(' '),
  'x-extensible-enum': Object.keys(failures),
});

/** What every error looks like, here with the codes that are possible. */
export const envelopeSchema = (codes: readonly ApiErrorCode[]) =>
  z.object({
    detail: z.string(),
    error_code: z.enum(codes as [ApiErrorCode, ...ApiErrorCode[]]),
    timestamp: z.iso.datetime(),
    correlation_id: z.string(),
  });
