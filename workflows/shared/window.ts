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

  const start = (item: T) => {
    running += 1;
    options
      .run(item)
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .finally(() => {
        running -= 1;
      });
  };

  for (;;) {
    await condition(() => mayStart() || isOver());
    if (!mayStart()) break;
    const item = options.take();
    if (item !== undefined) start(item);
  }
  if (failed !== undefined) throw failed.error;
}
