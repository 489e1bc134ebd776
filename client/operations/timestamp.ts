/** A timestamp as it stands in raw answers of Temporal; seconds are a Long. */
export interface Timestamp {
  readonly seconds?: { toString(): string } | null;
  readonly nanos?: number | null;
}

/** ISO 8601 in UTC. */
export const toIso = ({ seconds, nanos }: Timestamp): string =>
  new Date(Number(seconds?.toString() ?? 0) * 1_000 + (nanos ?? 0) / 1_000_000).toISOString();
