import type { Issue } from '../../workflows/goflow/contracts/qa.ts';
import type { QaStage } from '../../workflows/goflow/contracts/qa-stages.ts';
import type { OnFail, RuleConfig } from '../../workflows/goflow/contracts/qa-rules.ts';
import type { Json } from '../vision/fields.ts';
import type { Fault, Result, Rule, RuleTable } from './types.ts';

/** What a stage made of an answer. */
export interface StageOutcome {
  /** With everything fixed and filtered. */
  readonly result: Result;
  readonly issues: readonly Issue[];
  /** Whether the model must be asked again. */
  readonly isBlocked: boolean;
  /** Whether every fault that asks again may be lived with, once repairs are used up. */
  readonly isTolerable: boolean;
}

interface Stage<Context, S extends QaStage> {
  readonly stage: S;
  readonly table: RuleTable<Context, S>;
  readonly configs: readonly RuleConfig[];
  /** The context with a result that a rule before has changed. */
  readonly contextOf: (result: Result) => Context;
  /** Whether the first rule that asks again ends the stage: what follows would make no sense. */
  readonly stopsAtFirst: boolean;
}

/** A model reads no more than so many faults of one rule; all of them are fixed or filtered. */
const maxIssuesPerRule = 10;

/** Runs rules one after another: what one fixes or filters, the next one sees. Pure. */
export function runRules<Context, S extends QaStage>(stage: Stage<Context, S>, given: Result): StageOutcome {
  const issues: Issue[] = [];
  let result = given;
  let context = stage.contextOf(result);
  let isBlocked = false;
  let isTolerable = true;
  for (const config of stage.configs) {
    // the table and the configuration are typed over the same names; the compiler cannot follow the pair
    const rule = stage.table[config.rule as keyof RuleTable<Context, S>] as unknown as Rule<Context, unknown>;
    const faults = rule(context, config.params);
    if (faults.length === 0) continue;
    const acted = faults.map((fault) => ({ fault, action: actionFor(config.on_fail, fault) }));
    const mended = mend(result, acted);
    if (mended !== result) context = stage.contextOf((result = mended));
    const told = acted.filter(({ fault }) => fault.isOurs !== true);
    issues.push(
      ...told.slice(0, maxIssuesPerRule).map(({ fault: { path, message }, action }): Issue => {
        return { stage: stage.stage, rule: config.rule, path, message, action };
      }),
    );
    if (!acted.some(({ action }) => asksAgain(action))) continue;
    isBlocked = true;
    isTolerable &&= config.give_up === 'degrade' && !faults.some(({ isGrave }) => isGrave);
    if (stage.stopsAtFirst) break;
  }
  return { result, issues, isBlocked, isTolerable };
}

export const asksAgain = (action: OnFail) =>
  action === 'reask' || action === 'reask-fresh' || action === 'retry-longer';

/** What cannot be fixed, or is no item of a list, is asked again. */
function actionFor(onFail: OnFail, { path, fix }: Fault): OnFail {
  if (onFail === 'fix') return fix ? 'fix' : 'reask';
  if (onFail === 'filter') return itemPath(path) === undefined ? 'reask' : 'filter';
  return onFail;
}

type Acted = readonly { readonly fault: Fault; readonly action: OnFail }[];

function mend(result: Result, acted: Acted): Result {
  let mended: Json = result;
  for (const { fault, action } of acted) {
    if (action === 'fix' && fault.fix?.value !== undefined)
      mended = changed(mended, fault.path.split('.'), () => fault.fix?.value);
  }
  const doomed = acted.flatMap(({ fault, action }) => (action === 'filter' ? (itemPath(fault.path) ?? []) : []));
  // from the end, so that positions stay true
  for (const path of [...new Set(doomed)].sort(byPosition).reverse()) mended = changed(mended, path.split('.'), drop);
  return mended as Result;
}

const drop = () => undefined;
const byPosition = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

/** The innermost list item that a path lies in. */
const itemPath = (path: string) => /^(.*\.\d+)(?:\.\D[^.]*)*$/.exec(path)?.[1];

/** A copy with another value at a path; undefined takes an item out of its list. */
function changed(value: Json, [key, ...rest]: readonly string[], change: () => Json | undefined): Json {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  const inner = (value as { [key: string]: Json })[key];
  if (inner === undefined) return value;
  const next = rest.length === 0 ? change() : changed(inner, rest, change);
  if (Array.isArray(value)) return next === undefined ? value.toSpliced(Number(key), 1) : value.with(Number(key), next);
  return { ...value, ...(next !== undefined && { [key]: next }) };
}
