/** So many calls per window and webhook. */
export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

export interface RateLimitState {
  readonly isLimited: boolean;
  readonly resetAfterMs: number;
  /** The `X-RateLimit-*` headers, on a 429 with `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls in windows that begin with the first call after the last window's end. */
export function createRateLimiter(
  limit: RateLimit,
  nowMs: () => number = Date.now,
): (bucket: string) => RateLimitState {
  const windows = new Map<string, { endsMs: number; used: number }>();
  return (bucket) => {
    const now = nowMs();
    let window = windows.get(bucket);
    if (!window || now >= window.endsMs) window = { endsMs: now + limit.windowMs, used: 0 };
    windows.set(bucket, window);
    const isLimited = window.used >= limit.calls;
    if (!isLimited) window.used += 1;
    const resetAfterMs = window.endsMs - now;
    return {
      isLimited,
      resetAfterMs,
      headers: {
        'X-RateLimit-Limit': String(limit.calls),
        'X-RateLimit-Remaining': String(limit.calls - window.used),
        'X-RateLimit-Reset': (window.endsMs / 1000).toFixed(3),
        'X-RateLimit-Reset-After': (resetAfterMs / 1000).toFixed(3),
        'X-RateLimit-Bucket': bucket,
        ...(isLimited && { 'Retry-After': String(Math.ceil(resetAfterMs / 1000)), 'X-RateLimit-Scope': 'user' }),
      },
    };
  };
}
