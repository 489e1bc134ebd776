/** An answer, or one line of its stream, is longer than it may be. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

/** What a model says, piece by piece, in at most so many bytes: one that never ends fills no memory. */
export class BoundedAnswer {
  text = '';
  thinking = '';
  private sizeBytes = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** @throws {AnswerTooLong} what came before is kept */
  add(text: string, thinking: string): void {
    this.sizeBytes += Buffer.byteLength(text) + Buffer.byteLength(thinking);
    if (this.sizeBytes > this.maxBytes) throw new AnswerTooLong();
    this.text += text;
    this.thinking += thinking;
  }
}
