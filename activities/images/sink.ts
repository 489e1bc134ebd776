import { open } from 'node:fs/promises';

/** Where a download goes. */
export interface Sink {
  write(piece: Buffer): Promise<void>;
}

/** The disk did not take what it was given (full, read-only, gone): no fault of the image, nor of its host. */
export class DiskFault extends Error {
  override readonly name = 'DiskFault';
}

/**
 * Lets a download write into a new file.
 *
 * @throws {DiskFault}
 */
export async function withFile<T>(path: string, use: (sink: Sink) => Promise<T>): Promise<T> {
  const handle = await open(path, 'w').catch(asDiskFault);
  try {
    // goes on where the piece before ended
    return await use({ write: (piece) => handle.writeFile(piece).catch(asDiskFault) });
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** Collects a download in memory. */
export async function inMemory(use: (sink: Sink) => Promise<void>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await use({ write: async (piece) => void pieces.push(piece) });
  return Buffer.concat(pieces);
}

function asDiskFault(error: unknown): never {
  throw new DiskFault(error instanceof Error ? error.message : String(error), { cause: error });
}
