import { z } from 'zod';
import type { LiveConfig } from '../../../config/live-config.ts';
import type { ZodApp } from '../zod-app.ts';

const reloadedSchema = z.object({
  outcome: z.enum(['unchanged', 'changed', 'refused']),
  hash: z.string().meta({ description: 'SHA-256 of what is in force now' }),
  version: z.int().positive().meta({ description: '1 at the start, one more with each change' }),
  since: z.iso.datetime(),
  faults: z.array(z.string()).meta({ description: 'why it was refused, each with file and line: the old one stays' }),
  needsRestart: z.array(z.string()).meta({ description: 'changed keys that a process reads at its start only' }),
});

export const configurationRoutes = (live: Pick<LiveConfig, 'reload'>) => async (app: ZodApp) => {
  app.post(
    '/admin/config/reload',
    {
      schema: {
        ...{ tags: ['configuration'], operationId: 'reloadConfiguration' },
        summary: 'Reads the configuration of this process anew; workers look at their files by themselves',
        response: { 200: reloadedSchema },
      },
    },
    async () => {
      const { faults, needsRestart, ...reloaded } = live.reload();
      return { ...reloaded, faults: [...faults], needsRestart: [...needsRestart] };
    },
  );
};
