/** The id that ties together what belongs to one job. Made in `config/`, handed in like every other dependency. */
export interface Correlation {
  /** Undefined outside of everything that has one. */
  current(): string | undefined;
  /** `work`, and whatever it starts, belongs to this id. */
  run<T>(id: string, work: () => T): T;
}
