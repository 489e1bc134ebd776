import { orAbort } from './or-abort.ts';

/** Everything that is about to answer passes here; a closed gate is a server that has frozen with its sockets open. */
export class Gate {
  #whenOpen: Promise<void> | undefined;
  #open: () => void = () => undefined;

  close(): void {
    this.#whenOpen ??= new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open();
    this.#whenOpen = undefined;
  }

  /** @throws the signal's reason when the client leaves while the gate is closed */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.#whenOpen) await orAbort(this.#whenOpen, signal);
  }
}
