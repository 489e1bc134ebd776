/** Says on stdout that a stand-in is up, and closes it on SIGTERM or SIGINT, which ends the process. */
export function runUntilSignal(name: string, standIn: { readonly url: string; close(): Promise<void> }): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void standIn.close());
  process.stdout.write(`ready ${name} ${standIn.url}\n`);
}
