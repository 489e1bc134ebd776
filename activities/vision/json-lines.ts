import { AnswerTooLong } from './bounded-answer.ts';
import { objectIn, visionError } from './server-errors.ts';

export interface JsonLine {
  readonly bytes: Buffer;
  readonly value: object;
}

const lineEnd = 0x0a;

/**
 * The lines of a stream, whole, each with a JSON object in it. (The npm client prints to the console what is none, and
 * looks through all it keeps again with every piece.)
 *
 * @throws {AnswerTooLong} for a longer line
 * @throws {VisionError} `protocol`
 */
export async function* jsonLines(body: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<JsonLine> {
  let begun: Buffer[] = [];
  let sizeBytes = 0;
  const keep = (piece: Buffer) => {
    begun.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > maxLineBytes) throw new AnswerTooLong();
  };
  for await (const piece of body) {
    let from = 0;
    for (let end = piece.indexOf(lineEnd); end >= 0; end = piece.indexOf(lineEnd, from)) {
      keep(piece.subarray(from, end + 1));
      yield* checked(Buffer.concat(begun));
      begun = [];
      sizeBytes = 0;
      from = end + 1;
    }
    keep(piece.subarray(from));
  }
  yield* checked(Buffer.concat(begun));
}

function* checked(bytes: Buffer): Generator<JsonLine> {
  const text = bytes.toString().trim();
  if (text === '') return;
  const value = objectIn(text);
  if (!value) throw visionError('protocol', 'attempt', `a line that cannot be read: ${text.slice(0, 200)}`);
  yield { bytes, value };
}
