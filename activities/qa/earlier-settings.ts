import { z } from 'zod';
import type { QaSettings } from '../../workflows/goflow/contracts/qa.ts';
import { type RuleConfig, ruleParams, rulesSchema } from '../../workflows/goflow/contracts/qa-rules.ts';

/** What plans of release 0.1 say; a project may hold for weeks and then go on. */
const earlierSchema = z.object({
  maxRepairs: z.int(),
  budgetSeconds: z.number(),
  refusalPatterns: z.array(z.string()),
  placeholderPatterns: z.array(z.string()),
  boxClampPixels: z.number(),
});

/** The settings of a plan, whichever release made it. Plans are not parsed on their way, so they come as they were. */
export function settingsOf(qa: QaSettings): QaSettings {
  const cached = known.get(qa);
  if (cached) return cached;
  const settings = 'rules' in qa ? withoutGone(qa) : upgraded(qa);
  known.set(qa, settings);
  return settings;
}

const known = new WeakMap<object, QaSettings>();

const ruleNames = new Set(Object.values(ruleParams).flatMap((rules) => Object.keys(rules)));
const isKnown = ({ rule }: RuleConfig) => ruleNames.has(rule);

/** Rules that are gone since the plan was made are left out. */
function withoutGone(qa: QaSettings): QaSettings {
  const { structural, content, domain } = qa.rules;
  if ([...structural, ...content, ...domain].every(isKnown)) return qa;
  const rules = {
    structural: structural.filter(isKnown),
    content: content.filter(isKnown),
    domain: domain.filter(isKnown),
  };
  return { ...qa, rules };
}

function upgraded(qa: unknown): QaSettings {
  const { maxRepairs, budgetSeconds, ...earlier } = earlierSchema.parse(qa);
  const rules = rulesSchema.parse({
    structural: [
      { rule: 'finish_stop', on_fail: 'retry-longer' },
      { rule: 'finish_complete', on_fail: 'reask-fresh' },
      { rule: 'json_parse', on_fail: 'reask' },
      { rule: 'schema', on_fail: 'reask', params: { max_issues: 10 } },
    ],
    content: [
      { rule: 'refusal', on_fail: 'reask-fresh', params: { patterns: earlier.refusalPatterns } },
      { rule: 'placeholder', on_fail: 'reask-fresh', params: { patterns: earlier.placeholderPatterns } },
    ],
    domain: [{ rule: 'box_in_image', on_fail: 'fix', params: { clamp_px: earlier.boxClampPixels } }],
  });
  return { maxRepairs, budgetSeconds, fields: { transcript: [], label: [] }, rules };
}
