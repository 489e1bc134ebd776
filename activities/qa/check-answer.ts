import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import type { Issue, QaSettings } from '../../workflows/goflow/contracts/qa.ts';
import type { QaStage } from '../../workflows/goflow/contracts/qa-stages.ts';
import { overrideRules, type Rules } from '../../workflows/goflow/contracts/qa-rules.ts';
import { resultOf } from '../vision/fields.ts';
import { contentRules } from './content/rules.ts';
import { domainRules } from './domain/rules.ts';
import { frameOf } from './frame.ts';
import { parsedAnswer } from './parsed-answer.ts';
import { runRules } from './run-rules.ts';
import { inPercent } from './structural/percent-scale.ts';
import { withNumbers } from './structural/quoted-numbers.ts';
import { readObject } from './structural/reading.ts';
import { structuralRules } from './structural/rules.ts';
import type { Answer, ParsedAnswer, Result } from './types.ts';

export type Checked =
  /** `issues`: everything that was fixed, filtered or flagged. */
  | { readonly isGood: true; readonly result: Result; readonly issues: readonly Issue[] }
  | {
      readonly isGood: false;
      /** The first stage that found something to ask again. */
      readonly stage: QaStage;
      readonly issues: readonly Issue[];
      /** What may be delivered as degraded once repairs are used up; absent where it must not. */
      readonly tolerable?: Result;
    };

/** The three stages in their order; the first one that finds something to ask again decides. Pure. */
export function checkAnswer(answer: Answer, settings: QaSettings): Checked {
  const { definition, image, inference } = answer;
  const rules = rulesOf(definition, settings);
  const { reading, unquoted } = withNumbers(definition, readObject(inference.text));
  const raw = { ...answer, unquoted, ...inPercent(definition, reading) };
  const structural = runRules(
    {
      ...{ stage: 'structural', table: structuralRules, configs: rules.structural, stopsAtFirst: true },
      contextOf: () => raw,
    },
    {},
  );
  const { value } = raw.reading;
  if (structural.isBlocked || value === undefined)
    return { isGood: false, stage: 'structural', issues: structural.issues };

  const given = resultOf(definition.fields, value, frameOf(definition, image));
  let laidOut: ParsedAnswer | undefined;
  // both stages look at the same one, as long as no rule has changed the result
  const contextOf = (result: Result) =>
    laidOut?.result === result ? laidOut : (laidOut = parsedAnswer(raw, result, settings));
  const content = runRules(
    { stage: 'content', table: contentRules, configs: rules.content, stopsAtFirst: false, contextOf },
    given,
  );
  const { result } = content;
  const contentIssues = [...structural.issues, ...content.issues];
  if (content.isBlocked && !content.isTolerable) return { isGood: false, stage: 'content', issues: contentIssues };

  const domain = runRules(
    { stage: 'domain', table: domainRules, configs: rules.domain, stopsAtFirst: false, contextOf },
    result,
  );
  const issues = [...contentIssues, ...domain.issues];
  if (!content.isBlocked && !domain.isBlocked) return { isGood: true, result: domain.result, issues };
  const stage = content.isBlocked ? 'content' : 'domain';
  const tolerable = domain.isTolerable && { tolerable: domain.result };
  return { isGood: false, stage, issues: content.isBlocked ? contentIssues : issues, ...tolerable };
}

type Overrides = NonNullable<Definition['qa']>;

/** Overrides live as long as their plan, and settings too. */
const known = new WeakMap<Overrides, { readonly settings: QaSettings; readonly rules: Rules }>();

function rulesOf({ qa }: Definition, settings: QaSettings): Rules {
  if (qa === undefined) return settings.rules;
  const cached = known.get(qa);
  if (cached?.settings === settings) return cached.rules;
  const merged = overrideRules(settings.rules, qa);
  // config/ has refused faults; a plan that still has one runs with the rules of all
  const rules = 'rules' in merged ? merged.rules : settings.rules;
  known.set(qa, { settings, rules });
  return rules;
}
