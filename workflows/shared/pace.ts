interface Sample {
  readonly atMs: number;
  readonly ended: number;
}

const windowMs = 120_000;
/** Below that, a number would say more than is known. */
const leastMs = 5_000;

/** How fast combinations end, over the last two minutes. */
export class Pace {
  private samples: Sample[] = [];

  note(atMs: number, ended: number): void {
    const last = this.samples.at(-1);
    // what is retried is open again: a new count begins
    if (last && ended < last.ended) this.samples = [];
    this.samples.push({ atMs, ended });
    while ((this.samples[1]?.atMs ?? atMs) < atMs - windowMs) this.samples.shift();
  }

  /** Undefined: not known yet, or nothing has ended. */
  perMinute(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < leastMs || last.ended === first.ended) return undefined;
    return ((last.ended - first.ended) / (last.atMs - first.atMs)) * 60_000;
  }
}

/** `45 s`, `12 min`, `2.5 h`. */
export const durationOf = (minutes: number) =>
  minutes < 1
    ? `${Math.ceil(minutes * 60)} s`
    : minutes < 90
      ? `${Math.ceil(minutes)} min`
      : `${(minutes / 60).toFixed(1)} h`;

/** How fast it goes and how long that will take, for people. */
export const paceInWords = (left: number, perMinute: number) =>
  [`${Math.round(perMinute)} per minute`, `about ${durationOf(left / perMinute)} left`] as const;
