/** The state of one thing that we need. */
export interface Component {
  readonly name: string;
  readonly isHealthy: boolean;
  readonly detail: string;
}

export interface Health {
  /** Unhealthy: without Temporal nothing can be done. Degraded: something is slower or waits. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly components: readonly Component[];
}

/** Looks at one kind of thing; may name several of it, such as hosts. */
export type Check = () => Promise<readonly Component[]>;

const keepMs = 1_000;
const waitAtMostMs = 2_500;

/**
 * Looks at everything, at most once a second however many ask, and never longer than a few seconds.
 *
 * @param checks by name; `temporal` is the one that nothing works without
 * @param onFailure what a check threw, for the log: it is not for strangers
 */
export function createHealth(
  checks: Readonly<Record<string, Check>> & { readonly temporal: Check },
  onFailure: (name: string, error: unknown) => void,
): () => Promise<Health> {
  let last: { readonly atMs: number; readonly health: Promise<Health> } | undefined;
  return () => {
    if (!last || Date.now() - last.atMs > keepMs) last = { atMs: Date.now(), health: look(checks, onFailure) };
    return last.health;
  };
}

async function look(
  checks: Readonly<Record<string, Check>>,
  onFailure: (name: string, error: unknown) => void,
): Promise<Health> {
  const looked = Object.entries(checks).map(async ([name, check]): Promise<readonly Component[]> => {
    try {
      return await within(check());
    } catch (error) {
      onFailure(name, error);
      return [{ name, isHealthy: false, detail: 'does not answer' }];
    }
  });
  const components = (await Promise.all(looked)).flat();
  return { status: statusOf(components), components };
}

function statusOf(components: readonly Component[]): Health['status'] {
  const ill = components.filter(({ isHealthy }) => !isHealthy);
  if (ill.length === 0) return 'healthy';
  return ill.some(({ name }) => name === 'temporal') ? 'unhealthy' : 'degraded';
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${waitAtMostMs} ms`)), waitAtMostMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
