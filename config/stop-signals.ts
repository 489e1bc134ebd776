/** A Ctrl-C in a terminal reaches us twice when npm stands between: from the terminal and from npm. */
const sameWishMs = 1_000;

/**
 * Tells when somebody wants this process to end.
 *
 * @param onFirst asks everything to end in order
 * @param onAgain a second wish, not just the echo of the first one: whoever waits has lost patience
 */
export function onStopSignals<Signal extends NodeJS.Signals>(
  signals: readonly Signal[],
  onFirst: (signal: Signal) => void,
  onAgain: (signal: Signal) => void,
): void {
  let firstAtMs: number | undefined;
  for (const signal of signals)
    process.on(signal, () => {
      if (firstAtMs === undefined) {
        firstAtMs = Date.now();
        onFirst(signal);
      } else if (Date.now() - firstAtMs > sameWishMs) onAgain(signal);
    });
}
