import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidInputError } from '../operations/errors.ts';
import type { ExpectedHead } from '../operations/verify-audit.ts';

const reportSchema = z.object({ files: z.array(z.object({ file: z.string(), head: z.string() })) });

/** The last line of each file, as an earlier `audit verify --json` has seen it. @throws {InvalidInputError} */
export function readWitness(path: string): ExpectedHead[] {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).files.map(({ file, head }) => ({ file, head }));
  } catch (error) {
    const fault = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new InvalidInputError(
      `${path} is no witness`,
      [fault],
      'Give what gf25 audit verify --json has answered earlier.',
    );
  }
}
