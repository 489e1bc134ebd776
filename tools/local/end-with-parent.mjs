import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * `end-with-parent.mjs FILE ARGS` runs a program that is asked to end when the process that started it has ended. That one
 * holds the other end of our standard input, and a pipe closes however its holder dies.
 */

/** A program that hangs in its farewell, because everything it talks to has gone as well, is ended anyway. */
const patienceMs = 5_000;

process.stdin.once('close', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
process.stdin.resume();
// a program that has nothing more to do still ends by itself
process.stdin.unref();

process.argv.splice(1, 1);
await import(pathToFileURL(resolve(process.argv[1] ?? '')).href);
