import type { Exchange } from '../exchange.ts';

const NDJSON = 'application/x-ndjson';

/**
 * Writes JSON lines. Once per answer, at the first chance, a write ends inside a character of several bytes: clients
 * that decode each chunk by itself show it.
 */
export class LineStream {
  readonly #exchange: Exchange;
  #held = Buffer.alloc(0);
  #hasSplit = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  line(value: unknown): void {
    const bytes = Buffer.concat([this.#held, Buffer.from(`${JSON.stringify(value)}\n`)]);
    const cut = this.#hasSplit ? bytes.length : insideFirstWideCharacter(bytes);
    this.#hasSplit ||= cut < bytes.length;
    this.#held = bytes.subarray(cut);
    this.#exchange.write(bytes.subarray(0, cut), NDJSON);
  }

  end(): void {
    if (this.#held.length > 0) this.#exchange.write(this.#held, NDJSON);
    this.#exchange.end();
  }
}

/** Where the second byte of the first non-ASCII character is; the end when there is none. */
function insideFirstWideCharacter(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  return first === -1 ? bytes.length : first + 1;
}
