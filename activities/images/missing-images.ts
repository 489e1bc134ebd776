import { Failure } from '../shared/failure.ts';

/** One call for an image: the same object for both of its variants. */
export interface Asker {
  readonly mediaId: string;
}

/** What image hosts said is not there: for a minute, nobody else asks them again. */
export interface MissingImages {
  /**
   * Does the work, unless it is known to find nothing. Whoever asks a second time for the same medium, an operator who
   * has mended it, for example, is not put off.
   *
   * @throws {Failure} `ImageMissing`, and what the work throws
   */
  remember<T>(key: string, asker: Asker, work: () => Promise<T>): Promise<T>;
}

interface MissingImage {
  readonly asker: Asker;
  readonly failure: Failure;
  readonly askedAtMs: number;
}

const ttlMs = 60_000;
const maxEntries = 1_000;

export function createMissingImages(): MissingImages {
  const missing = new Map<string, MissingImage>();

  const knownFor = (key: string, asker: Asker): Failure | undefined => {
    const entry = missing.get(key);
    if (entry === undefined) return undefined;
    const ageMs = Math.abs(Date.now() - entry.askedAtMs);
    const isAskedAgain = entry.asker !== asker && entry.asker.mediaId === asker.mediaId;
    if (ageMs > ttlMs || isAskedAgain) return undefined;
    const { code, message } = entry.failure;
    return new Failure(code, `${message} ${Math.round(ageMs / 1000)} s ago`, { cause: entry.failure });
  };

  return {
    async remember(key, asker, work) {
      const known = knownFor(key, asker);
      if (known) throw known;
      missing.delete(key);
      try {
        return await work();
      } catch (error) {
        if (error instanceof Failure && error.code === 'ImageMissing')
          missing.set(key, { asker, failure: error, askedAtMs: Date.now() });
        const [oldest] = missing.keys();
        if (missing.size > maxEntries && oldest !== undefined) missing.delete(oldest);
        throw error;
      }
    },
  };
}
