import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { auditFolderIn } from '../../../config/audit-log.ts';
import { stateFolder } from '../../../config/environment.ts';
import { verifyAudit } from '../../operations/verify-audit.ts';
import { readWitness } from '../read-witness.ts';
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
    .option('--expect-head <digest>', 'a digest of a last line that was noted down; may be given again', addDigest)
    .option('--witness <file>', 'what an earlier --json has answered, kept elsewhere: all of it must still be there')
    .option(...jsonFlag)
    .addHelpText('after', examples({ example: 'audit verify --witness audit-of-yesterday.json', temporal: undefined }))
    .action(async ({ dir, expectHead = [], witness, ...options }) => {
      const noted = expectHead.map((head) => ({ head }));
      const expected = witness === undefined ? noted : [...noted, ...readWitness(witness)];
      const report = await verifyAudit(dir ?? auditFolderIn(stateFolder()), expected);
      answer(cli, options, report, () => renderAudit(report, cli.colours));
      if (!report.intact) cli.exitCode = exitCodes.failed;
    });
}

function addDigest(text: string, before: readonly string[] = []): string[] {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new InvalidArgumentError('64 hex digits are expected, as audit verify shows.');
  return [...before, text];
}
