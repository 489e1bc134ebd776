import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';

const oneByOne = pLimit(1);

/**
 * Resolves when an answer may be checked, which takes milliseconds: one answer in a turn of the event loop, so that lanes
 * whose answers come together do not wait for each other's checks, and not before the lane's next call has gone out;
 * undici writes to a kept connection one turn after the call was made.
 */
export async function turnForChecking(): Promise<void> {
  await nextTurn();
  await oneByOne(() => nextTurn());
}
