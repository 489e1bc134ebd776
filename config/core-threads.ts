/**
 * Temporal's core takes a thread per CPU unless the environment says otherwise. At 40 combinations a second its work keeps one
 * 5 % busy (measured), and more of them mostly wake each other. To be called before the runtime is installed.
 */
export function limitCoreThreads(): void {
  process.env['TOKIO_WORKER_THREADS'] ??= '1';
}
