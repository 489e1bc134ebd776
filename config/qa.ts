import { z } from 'zod';
import { type QaSettings, qaSettingsSchema } from '../workflows/goflow/contracts/qa.ts';
import { rulesSchema } from '../workflows/goflow/contracts/qa-rules.ts';
import type { Settings } from './settings.ts';

/** `qa.yaml`. */
export const qaRulesSchema = z.strictObject({ fields: qaSettingsSchema.shape.fields, ...rulesSchema.shape });
export type QaRules = z.infer<typeof qaRulesSchema>;

/** How a project is checked: the rules, and from `gf25.yaml` how often and how long. */
export const qaSettingsOf = ({ fields, ...rules }: QaRules, { qa }: Settings): QaSettings => ({ ...qa, fields, rules });
