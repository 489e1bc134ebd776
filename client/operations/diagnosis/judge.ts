import { isOpen } from '../describe-project.ts';
import { commandsFor } from './commands.ts';
import type { Evidence } from './evidence.ts';
import { findActivities } from './find-activities.ts';
import { findEnd, findOperatorWaits, findProgress } from './find-phase.ts';
import { findWorkers } from './find-workers.ts';
import { type Diagnosis, type Finding, severities } from './finding.ts';

/** What a project waits for, and what helps. Pure: the same evidence gives the same findings. */
export function judge(evidence: Evidence): Diagnosis {
  const { project, progress } = evidence.view;
  const { projectId, workflowId } = project;
  const commands = commandsFor(evidence);
  const findings = isOpen(project)
    ? [
        ...findWorkers(evidence, commands),
        ...findOperatorWaits(evidence, commands),
        ...findActivities(evidence, commands),
      ]
    : [findEnd(evidence, commands)];
  return {
    ...{ projectId, workflowId, phase: progress?.phase ?? project.phase },
    findings: findings.length > 0 ? findings.sort(bySeverity) : [findProgress(evidence, commands)],
  };
}

const bySeverity = (a: Finding, b: Finding) => severities.indexOf(a.severity) - severities.indexOf(b.severity);
