/** What a slot keeps of the last prompt it computed. */
export interface SlotMemory {
  /** Digest of everything up to and including the image; undefined when there was none. */
  readonly prefix: string | undefined;
  /** Orders slots by last use: the lowest was used longest ago. */
  readonly lastUse: number;
}

/** The free slot that remembers the prefix, else the one used longest ago. */
export function chooseSlot<T extends SlotMemory>(free: readonly T[], prefix: string | undefined): T | undefined {
  const holder = prefix === undefined ? undefined : free.find((slot) => slot.prefix === prefix);
  if (holder) return holder;
  const [first, ...others] = free;
  return first && others.reduce((oldest, slot) => (slot.lastUse < oldest.lastUse ? slot : oldest), first);
}
