/**
 * Like `Promise.all`, but a failure waits for the others: whoever closes the connection because of it would make calls
 * that still go on fail where nobody catches them.
 */
export async function allOf<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
