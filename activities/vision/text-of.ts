/** More than any list of models or error takes. */
const maxBytes = 1024 * 1024;

/** A body that is not an answer of the model, in UTF-8; one that goes on for ever is cut off. */
export async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(pieces).toString();
}
