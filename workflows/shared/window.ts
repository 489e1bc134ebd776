import { condition } from '@temporalio/workflow';

export interface WindowOptions<T> {
  /** The next item, or undefined when there is none at the moment. */
  readonly take: () => T | undefined;
  /** Whether `take` would give an item. */
  readonly hasMore: () => boolean;
  /** How many may run at once; read before each start, so it may grow. */
  readonly limit: (running: number) => number;
  /** False: start nothing more for now. */
  readonly isOpen: () => boolean;
  /** True: what is left is not waited for; the window ends when nothing runs. */
  readonly isClosing: () => boolean;
  readonly run: (item: T) => Promise<void>;
}

/**
 * A bounded fan-out: starts the next item the moment one ends, so that a slow item holds up nobody (waiting for whole
 * batches would). Ends when nothing runs and nothing is left, or when it is closing and nothing runs.
 *
 * What ends fills its place itself; the condition is only there for changes from outside. Going through a condition for
 * every item would cost Temporal's sandbox several entries more per item.
 *
 * @throws the first error of `run`, after which nothing more is started
 */
export async function runWindow<T>(options: WindowOptions<T>): Promise<void> {
  let running = 0;
  let failed: { error: unknown } | undefined;

  const mayStart = () =>
    failed === undefined &&
    !options.isClosing() &&
    options.isOpen() &&
    options.hasMore() &&
    running < options.limit(running);
  const isOver = () => running === 0 && (failed !== undefined || options.isClosing() || !options.hasMore());

  const run = async (item: T) => {
    running += 1;
    try {
      await options.run(item);
    } catch (error) {
      failed ??= { error };
    }
    running -= 1;
    fill();
  };
  const fill = () => {
    while (mayStart()) {
      const item = options.take();
      if (item === undefined) return;
      void run(item);
    }
  };

  do {
    fill();
    await condition(() => mayStart() || isOver());
  } while (!isOver());
  if (failed !== undefined) throw failed.error;
}
