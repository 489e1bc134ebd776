import fc from 'fast-check';
import { partsOf, withSize } from './image-files.ts';

/** Places are shares 0..1 of the file, so that they shrink and fit every file. */
export type Mutation =
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: readonly number[]; readonly bit: number }
  | { readonly kind: 'head'; readonly at: number; readonly value: number }
  | { readonly kind: 'overwrite'; readonly at: number; readonly with: Uint8Array }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'swap-parts'; readonly first: number; readonly second: number }
  | { readonly kind: 'drop-part'; readonly at: number }
  | { readonly kind: 'repeat-part'; readonly at: number; readonly times: number }
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'append'; readonly bytes: Uint8Array };

// evenly: a fuzzer's liking for small numbers would break the first bytes only
const share = fc.noBias(fc.integer({ min: 0, max: 100_000 })).map((place) => place / 100_000);
const kind = <K extends string>(name: K) => fc.constant(name);
const side = fc.oneof(
  fc.constantFrom(0, 1, 479, 480, 4096, 4097, 7_000, 16_383, 16_384, 65_500, 65_535, 2 ** 31 - 1, 2 ** 32 - 1),
  fc.integer({ min: 0, max: 5_000 }),
);

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: kind('truncate'), at: share }),
  fc.record({
    kind: kind('flip'),
    at: fc.array(share, { minLength: 1, maxLength: 8 }),
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  fc.record({
    kind: kind('head'),
    at: fc.noBias(fc.integer({ min: 0, max: 200 })),
    value: fc.integer({ min: 0, max: 255 }),
  }),
  fc.record({ kind: kind('overwrite'), at: share, with: fc.uint8Array({ minLength: 1, maxLength: 64 }) }),
  fc.record({ kind: kind('cut'), at: share, length: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({
    kind: kind('repeat'),
    at: share,
    length: fc.integer({ min: 1, max: 2_000 }),
    times: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ kind: kind('swap-parts'), first: share, second: share }),
  fc.record({ kind: kind('drop-part'), at: share }),
  fc.record({ kind: kind('repeat-part'), at: share, times: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: kind('size'), width: side, height: side }),
  fc.record({ kind: kind('append'), bytes: fc.uint8Array({ maxLength: 200 }) }),
);

export function mutate(file: Buffer, change: Mutation): Buffer {
  const at = (where: number) => Math.min(file.length, Math.floor(where * file.length));
  const parts = partsOf(file);
  const part = (where: number) => parts[Math.min(parts.length - 1, Math.floor(where * parts.length))];
  const join = (...pieces: readonly Uint8Array[]) => Buffer.concat(pieces);
  switch (change.kind) {
    case 'truncate':
      return file.subarray(0, at(change.at));
    case 'flip': {
      const flipped = Buffer.from(file);
      for (const place of change.at) flipped[at(place)] = (flipped[at(place)] ?? 0) ^ (1 << change.bit);
      return flipped;
    }
    case 'head': {
      const edited = Buffer.from(file);
      edited[change.at] = change.value;
      return edited;
    }
    case 'overwrite': {
      const start = at(change.at);
      return join(file.subarray(0, start), change.with, file.subarray(start + change.with.length));
    }
    case 'cut':
      return join(file.subarray(0, at(change.at)), file.subarray(at(change.at) + change.length));
    case 'repeat': {
      const piece = file.subarray(at(change.at), at(change.at) + change.length);
      const copies = Array.from({ length: change.times }, () => piece);
      return join(file.subarray(0, at(change.at)), ...copies, file.subarray(at(change.at)));
    }
    case 'swap-parts': {
      const [a, b] = [part(change.first), part(change.second)].sort((x, y) => (x?.start ?? 0) - (y?.start ?? 0));
      if (!a || !b || a === b) return file;
      const between = file.subarray(a.end, b.start);
      const [first, second] = [file.subarray(a.start, a.end), file.subarray(b.start, b.end)];
      return join(file.subarray(0, a.start), second, between, first, file.subarray(b.end));
    }
    case 'drop-part': {
      const dropped = part(change.at);
      return dropped ? join(file.subarray(0, dropped.start), file.subarray(dropped.end)) : file;
    }
    case 'repeat-part': {
      const repeated = part(change.at);
      if (!repeated) return file;
      const copies = Array.from({ length: change.times }, () => file.subarray(repeated.start, repeated.end));
      return join(file.subarray(0, repeated.start), ...copies, file.subarray(repeated.start));
    }
    case 'size':
      return withSize(file, change.width, change.height);
    case 'append':
      return join(file, change.bytes);
  }
}
