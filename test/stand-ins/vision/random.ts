import { createHash } from 'node:crypto';

/** A seeded stream of random numbers. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` different members of `items`, in random order; fewer when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[];
}

/** The same key gives the same stream, on every machine. */
export function randomFrom(...key: readonly (string | number | undefined)[]): Random {
  const next = sfc32(createHash('sha256').update(JSON.stringify(key)).digest());
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)] as T;
  const sample = <T>(items: readonly T[], count: number): T[] => {
    const left = [...items];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(integer(0, left.length - 1), 1)[0] as T,
    );
  };
  return { next, integer, pick, sample };
}

/** Chris Doty-Humphrey's "small fast counter" generator: public domain, passes PractRand. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let counter = 1;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
}
