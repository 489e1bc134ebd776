import { seededRandom } from './random.ts';

interface FalseAnswer {
  readonly status: number;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong. "Commit" means that the stand-in has processed the call, whatever the caller gets to hear. */
export type FaultAction =
  /** Another answer, nothing committed. */
  | ({ readonly kind: 'answer' } & FalseAnswer)
  /** The call is processed, then lied about. */
  | ({ readonly kind: 'answer-after-commit' } & FalseAnswer)
  /** TCP reset. `mid-body`: after commit, the status line, the headers and half of the body. */
  | { readonly kind: 'reset'; readonly phase: 'before' | 'after-commit' | 'mid-body' }
  /** Silence until the client leaves, or for `ms`; then the connection is closed without an answer. */
  | { readonly kind: 'hang'; readonly phase: 'before' | 'after-commit'; readonly ms?: number }
  /** Processed late, also when the client has given up meanwhile: a late commit. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A complete HTTP answer (content-length fits) whose body stops in the middle. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'drip'; readonly bytesPerSecond: number };

/** When something goes wrong. Rules are tried in order; the first that applies is used. */
export interface FaultRule<Endpoint extends string, Id extends string> {
  readonly endpoint: Endpoint | 'any';
  /** All must be equal; `pathIncludes` looks for a part of the path. */
  readonly match?: Readonly<Partial<Record<Id | 'pathIncludes', string>>>;
  /** So many matching calls pass first. */
  readonly skip?: number;
  /** So many calls are hit. Default 1; with `forMs` or `share`, which limit a rule in their own way, no bound. */
  readonly times?: number;
  /** Active for so long after it was added. */
  readonly forMs?: number;
  /** Hits this share (0..1) of the matching calls, by seeded random. */
  readonly share?: number;
  readonly action: FaultAction;
}

/** What a rule can look at. */
interface FaultFacts<Endpoint extends string, Id extends string> {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly ids: Readonly<Partial<Record<Id, string | undefined>>>;
}

/** The side of the faults that tests see. */
export interface Faults<Endpoint extends string, Id extends string> {
  add(rule: FaultRule<Endpoint, Id>): void;
  clear(): void;
}

export interface FaultBook<Endpoint extends string, Id extends string> extends Faults<Endpoint, Id> {
  /** The fault for this call, if any; counts towards `skip` and `times`. */
  take(facts: FaultFacts<Endpoint, Id>): FaultAction | undefined;
}

interface ActiveRule<Endpoint extends string, Id extends string> {
  readonly rule: FaultRule<Endpoint, Id>;
  readonly untilMs: number;
  readonly random: () => number;
  skipsLeft: number;
  hitsLeft: number;
}

export function createFaults<Endpoint extends string, Id extends string>(
  seed = 1,
  nowMs: () => number = () => performance.now(),
): FaultBook<Endpoint, Id> {
  let rules: ActiveRule<Endpoint, Id>[] = [];
  let added = 0;
  return {
    add(rule) {
      const unbounded = rule.forMs !== undefined || rule.share !== undefined;
      rules.push({
        rule,
        untilMs: rule.forMs === undefined ? Infinity : nowMs() + rule.forMs,
        random: seededRandom(`fault ${seed} ${added++}`),
        skipsLeft: rule.skip ?? 0,
        hitsLeft: rule.times ?? (unbounded ? Infinity : 1),
      });
    },
    clear() {
      rules = [];
    },
    take(facts) {
      const now = nowMs();
      return rules.find((active) => now < active.untilMs && matches(active.rule, facts) && hits(active))?.rule.action;
    },
  };
}

function matches<Endpoint extends string, Id extends string>(
  rule: FaultRule<Endpoint, Id>,
  facts: FaultFacts<Endpoint, Id>,
): boolean {
  if (rule.endpoint !== 'any' && rule.endpoint !== facts.endpoint) return false;
  const { pathIncludes = '', ...ids } = (rule.match ?? {}) as Record<string, string>;
  const known = facts.ids as Record<string, string | undefined>;
  return facts.path.includes(pathIncludes) && Object.entries(ids).every(([name, value]) => known[name] === value);
}

function hits(active: ActiveRule<string, string>): boolean {
  if (active.skipsLeft > 0) {
    active.skipsLeft -= 1;
    return false;
  }
  if (active.hitsLeft <= 0 || active.random() >= (active.rule.share ?? 1)) return false;
  active.hitsLeft -= 1;
  return true;
}

/** A word or two for logs, such as `reset mid-body`. */
export function describeFault(action: FaultAction): string {
  switch (action.kind) {
    case 'answer':
    case 'answer-after-commit':
      return `${action.kind} ${action.status}`;
    case 'reset':
    case 'hang':
      return `${action.kind} ${action.phase}`;
    case 'delay':
    case 'truncate':
    case 'drip':
      return action.kind;
  }
}
