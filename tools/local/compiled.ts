import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '../../config/project-root.ts';

/**
 * `npm run build`, for whoever starts our programs as users install them: compiling at every start would cost a second of
 * CPU each time.
 *
 * @throws Error with what the compiler says
 */
export async function compile(): Promise<void> {
  const run = promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: projectRoot });
  await run.catch((error: unknown) => {
    throw new Error(`it does not compile:\n${String((error as { stdout?: string }).stdout)}`, { cause: error });
  });
}

/** @returns the path of a compiled program below the folder of package.json */
export const compiled = (source: string) => `dist/${source.replace(/\.ts$/, '.js')}`;
