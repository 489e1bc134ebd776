import type { Command } from '@commander-js/extra-typings';
import { auditFolderIn } from '../../../config/audit-log.ts';
import { stateFolder } from '../../../config/environment.ts';
import { verifyAudit } from '../../operations/verify-audit.ts';
import { answer, type Cli } from '../cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { examples, jsonFlag } from '../help.ts';
import { renderAudit } from '../render/audit.ts';

/** `audit verify`: whether the records of all calls and actions are as they were written. */
export function addAudit(program: Command, cli: Cli): void {
  program
    .command('audit')
    .description('Look after the audit of calls to GoFlow and of what operators did.')
    .command('verify')
    .description('Checks every record of a state directory against its chain of digests. Exit 1 on a fault.')
    .option('--dir <folder>', 'the audit folder; default: audit in GF25_STATE_DIR')
    .option(...jsonFlag)
    .addHelpText('after', examples({ example: 'audit verify', temporal: undefined }))
    .action(async ({ dir, ...options }) => {
      const report = await verifyAudit(dir ?? auditFolderIn(stateFolder()));
      answer(cli, options, report, () => renderAudit(report, cli.colours));
      if (!report.intact) cli.exitCode = exitCodes.failed;
    });
}
