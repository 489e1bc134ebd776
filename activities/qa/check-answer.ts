import type { QaSettings, QaStage } from '../../workflows/goflow/contracts/qa.ts';
import { checkContent } from './content.ts';
import { checkDomain } from './domain.ts';
import { checkStructure } from './structural.ts';
import type { Finding, Fix, RawAnswer, Result } from './types.ts';

export type Checked =
  | { readonly isGood: true; readonly result: Result; readonly fixes: readonly Fix[] }
  | { readonly isGood: false; readonly stage: QaStage; readonly findings: readonly Finding[] };

/** The three stages in their order; the first one that finds something to ask again decides. */
export function checkAnswer(answer: RawAnswer, settings: QaSettings): Checked {
  const structure = checkStructure(answer);
  if (!('result' in structure)) return { isGood: false, stage: 'structural', findings: structure.findings };
  const parsed = { ...answer, result: structure.result, settings };
  const content = checkContent(parsed);
  if (content.length > 0) return { isGood: false, stage: 'content', findings: content };
  const domain = checkDomain(parsed);
  if (domain.findings.length > 0) return { isGood: false, stage: 'domain', findings: domain.findings };
  return { isGood: true, result: structure.result, fixes: domain.fixes };
}
