import { type AuditLog, auditFolderIn, openAuditLog } from '../../config/audit-log.ts';
import type { Redact } from '../../config/redact.ts';
import { AuditUnavailableError } from '../operations/errors.ts';
import type { ActionRecord } from './action.ts';

/** The audit of what operators do. */
export interface ActionLog {
  /** @throws {AuditUnavailableError} nothing could be recorded now */
  prepare(): Promise<void>;
  /** Does not throw: what it is about has been done. What cannot be written is handed to `onLost`. */
  record(record: ActionRecord): Promise<void>;
  close(): Promise<void>;
}

export type OnLost = (record: ActionRecord, error: unknown) => void;

export interface ActionLogOptions {
  readonly stateFolder: string;
  readonly redact: Redact;
  readonly onLost: OnLost;
}

/** Beside the audit of calls to GoFlow, chained and verified like that. */
export function openActionLog({ stateFolder, redact, onLost }: ActionLogOptions): ActionLog {
  const folder = auditFolderIn(stateFolder);
  return actionLogOver(openAuditLog<ActionRecord>({ folder, name: 'operators', redact }), folder, onLost);
}

/**
 * An action is refused as long as its record could not be written: whoever steers production without a trace, be it by
 * filling a disk, is what an audit is there to prevent, and `temporal` or another GF25_STATE_DIR remain for an
 * emergency. Between `prepare` and the answer a disk can still fail: then the action is done, and saying otherwise would
 * make somebody do it twice. Its record goes to the log, and the next action is refused, for its file cannot be opened.
 */
export function actionLogOver(audit: AuditLog<ActionRecord>, folder: string, onLost: OnLost): ActionLog {
  return {
    async prepare() {
      try {
        await audit.prepare();
      } catch (error) {
        throw new AuditUnavailableError(
          `the audit in ${folder} cannot be written, so nothing was done`,
          'Make room or mend its permissions, or name another folder with GF25_STATE_DIR.',
          { cause: error },
        );
      }
    },
    async record(record) {
      await audit.record(record).catch((error: unknown) => onLost(record, error));
    },
    close: () => audit.close(),
  };
}
