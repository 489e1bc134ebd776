import { z } from 'zod';
import { failureCodeSchema } from './common.ts';

const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const intakeSchema = z.object({
  paused: z.boolean(),
  note: z.string().optional(),
  nextRun: z.string().optional(),
  polling: z.boolean(),
  runs: list(
    z.object({
      workflowId: z.string(),
      started: z.string(),
      attempt: z.number().optional().describe('Attempts are polls'),
      nextAttempt: z.string().optional(),
      lastFailure: z
        .object({ code: failureCodeSchema, message: z.string() })
        .optional()
        .describe('Why the last poll brought no job: mostly NoJob'),
    }),
  ),
});

export const noteBodySchema = z.strictObject({
  note: z.string().min(1).max(500).optional().describe('For whoever looks at the schedule'),
});

const queue = {
  queue: z.string(),
  backlog: z.number().describe('Tasks that nobody has taken yet'),
  pollers: list(z.object({ identity: z.string(), lastSeen: z.string(), alive: z.boolean() })),
};

export const hostsSchema = z.object({
  shared: z.object(queue),
  hosts: list(
    z.object({
      ...queue,
      host: z.string(),
      alive: z.boolean().describe('It was heard lately'),
      lastHeard: z.string().optional().describe('Its last poll or heartbeat that Temporal knows of'),
      imagesStaged: z.number().describe('Images of running projects that this host holds'),
    }),
  ),
  unanswered: list(z.string()).describe('Projects that could not be asked: their images are not counted'),
});

export const healthSchema = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  components: list(z.object({ name: z.string(), isHealthy: z.boolean(), detail: z.string() })),
});
