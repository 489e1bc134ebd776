import { z } from 'zod';
import { findingKinds, severities } from '../../operations/diagnosis/finding.ts';
import { phaseSchema } from './common.ts';

export const diagnosisSchema = z.object({
  projectId: z.string(),
  workflowId: z.string(),
  phase: phaseSchema.optional(),
  findings: z
    .array(
      z.object({
        kind: z.enum(findingKinds),
        severity: z.enum(severities).describe('error: it does not go on without a person'),
        message: z.string(),
        commands: z.array(z.string()).readonly().describe('Lines for a shell; the first ones help most'),
      }),
    )
    .readonly()
    .describe('The worst first; never empty'),
});
