/** Resolves with the first truthy value. @throws Error naming `what`, with what was last seen */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 50 } = {},
): Promise<NonNullable<T>> {
  const untilMs = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await look();
      if (last) return last as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > untilMs) throw new Error(`in vain for ${timeoutMs} ms: ${what}; last seen: ${show(last)}`);
    await sleep(everyMs);
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const show = (value: unknown) =>
  (value instanceof Error ? value.message : ((JSON.stringify(value) as string | undefined) ?? 'undefined')).slice(
    0,
    2_000,
  );
