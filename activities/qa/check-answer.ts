import type { QaSettings, QaStage } from '../../workflows/goflow/contracts/qa.ts';
import { checkContent } from './content.ts';
import { checkDomain } from './domain.ts';
import { checkStructure } from './structural.ts';
import type { Answer, Finding, Issue, Result } from './types.ts';

export type Checked =
  /** `issues`: everything that was fixed, filtered or flagged. */
  | { readonly isGood: true; readonly result: Result; readonly issues: readonly Issue[] }
  | { readonly isGood: false; readonly stage: QaStage; readonly issues: readonly Issue[] };

/** The three stages in their order; the first one that finds something to ask again decides. */
export function checkAnswer(answer: Answer, settings: QaSettings): Checked {
  const structure = checkStructure(answer);
  if (!('result' in structure)) return bad('structural', structure.findings);
  const parsed = { ...answer, result: structure.result, settings };
  const content = checkContent(parsed);
  if (content.length > 0) return bad('content', content);
  const domain = checkDomain(parsed);
  if (domain.findings.length > 0) return bad('domain', domain.findings);
  const issues = domain.fixes.map((message): Issue => ({
    stage: 'domain',
    rule: 'box_in_image',
    path: '',
    message,
    action: 'fix',
  }));
  return { isGood: true, result: structure.result, issues };
}

const bad = (stage: QaStage, findings: readonly Finding[]): Checked => ({
  isGood: false,
  stage,
  issues: findings.map(({ rule, message, remedy }) => ({ stage, rule, path: '', message, action: remedy })),
});
