import type { Exchange } from './exchange.ts';

/**
 * Writes an answer in parts. Once per answer, at the first chance, a write ends inside a character of several bytes:
 * clients that decode each chunk by itself show it.
 */
export class TextStream {
  readonly #exchange: Exchange;
  readonly #contentType: string;
  #held = Buffer.alloc(0);
  #hasSplit = false;

  constructor(exchange: Exchange, contentType: string) {
    this.#exchange = exchange;
    this.#contentType = contentType;
  }

  write(text: string): void {
    const bytes = Buffer.concat([this.#held, Buffer.from(text)]);
    const cut = this.#hasSplit ? bytes.length : insideFirstWideCharacter(bytes);
    this.#hasSplit ||= cut < bytes.length;
    this.#held = bytes.subarray(cut);
    this.#exchange.write(bytes.subarray(0, cut), this.#contentType);
  }

  end(): void {
    if (this.#held.length > 0) this.#exchange.write(this.#held, this.#contentType);
    this.#exchange.end();
  }
}

/** Where the second byte of the first non-ASCII character is; the end when there is none. */
function insideFirstWideCharacter(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  return first === -1 ? bytes.length : first + 1;
}
