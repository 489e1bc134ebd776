import { hostname, userInfo } from 'node:os';
import { currentCorrelationId } from '../../config/correlation.ts';
import { secretsOf, stateFolder } from '../../config/environment.ts';
import { createRedact } from '../../config/redact.ts';
import type { Action } from '../audit/action.ts';
import { openActionLog } from '../audit/action-log.ts';
import { perform } from '../audit/perform.ts';

/** Records what this command changes. */
export interface AuditedActions {
  perform<T>(action: Action, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param err for stderr */
export function auditActions(err: (text: string) => void): AuditedActions {
  const redact = createRedact(secretsOf());
  const log = openActionLog({
    stateFolder: stateFolder(),
    redact,
    onLost: (record, error) =>
      err(redact(`warning: this is not in the audit (${String(error)}): ${JSON.stringify(record)}\n`)),
  });
  const actor = { via: 'cli', who: userName(), host: hostname(), correlationId: currentCorrelationId() ?? '' } as const;
  return { perform: (action, work) => perform(log, actor, action, work), close: () => log.close() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // a container may run as a user that has no name
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
