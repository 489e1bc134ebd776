/**
 * One signal out of several. Not `AbortSignal.any`: what it keeps alive, and loses, depends on the garbage collector.
 * Call `stop` when the work is over.
 */
export function linkSignals(...signals: readonly AbortSignal[]): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const links = signals.map((signal) => {
    const abort = () => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    return () => signal.removeEventListener('abort', abort);
  });
  return { signal: controller.signal, stop: () => links.forEach((unlink) => unlink()) };
}
