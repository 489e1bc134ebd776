import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './load.ts';

/** The configuration of a running process: what it was last told that had no fault. */
export interface LiveConfig {
  readonly current: Config;
  readonly state: LiveConfigState;
  /** Reads everything anew. A whole without a fault takes the place of the old one; else the old one stays. */
  reload(): Reloaded;
  close(): void;
}

export interface LiveConfigState {
  /** SHA-256 of what is in force. */
  readonly hash: string;
  /** 1 at the start, one more with each change. */
  readonly version: number;
  /** ISO 8601 in UTC: since when it has been in force. */
  readonly since: string;
  /** What the files say now cannot be used, each fault with file and line. */
  readonly faults: readonly string[];
  /** Changed keys that a process reads at its start only. */
  readonly needsRestart: readonly string[];
}

export interface Reloaded extends LiveConfigState {
  readonly outcome: 'unchanged' | 'changed' | 'refused';
}

export interface LiveConfigOptions {
  readonly first: Config;
  readonly load: () => Config;
  readonly log: Logger;
  /** How often it is looked for changed files. Default 2 s. */
  readonly everyMs?: number;
  readonly onReload?: (reloaded: Reloaded) => void;
}

const defaultEveryMs = 2_000;

/** What plans and intake are made of is read each time; these parts are built once, at the start. */
const readAtStart: Readonly<Record<string, (config: Config) => unknown>> = {
  goflow: ({ settings }) => settings.goflow,
  'vision.image, contextTokens, chatTemplate, maxAnswerBytes, attempts, healthIntervalSeconds': ({
    settings: { vision },
  }) => {
    const { image, contextTokens, chatTemplate, maxAnswerBytes, attempts, healthIntervalSeconds } = vision;
    return [image, contextTokens, chatTemplate, maxAnswerBytes, attempts, healthIntervalSeconds];
  },
  images: ({ settings }) => settings.images,
  gpu: ({ settings }) => settings.gpu,
  'goflow in api_endpoints.yaml': ({ endpoints }) => endpoints.goflow,
  'api.auth, api.limits in api_endpoints.yaml': ({ endpoints: { api } }) => [api.auth, api.limits],
};

/**
 * Looks for changed files and takes them over once they have stood still for one look. It looks at names, times and
 * sizes: watchers of the operating system miss the changes of mounted volumes and of links.
 */
export function createLiveConfig(options: LiveConfigOptions): LiveConfig {
  const { first, load, log, everyMs = defaultEveryMs, onReload } = options;
  let current = first;
  let state: LiveConfigState = stateOf(first, 1, []);

  const reload = (): Reloaded => {
    const reloaded = tryReload();
    onReload?.(reloaded);
    const { outcome, hash, version, faults, needsRestart } = reloaded;
    if (outcome === 'refused') log.error({ faults }, 'the changed configuration has faults: the old one stays');
    if (outcome === 'changed') log.info({ hash, version, needsRestart }, 'the configuration has changed');
    return reloaded;
  };

  const tryReload = (): Reloaded => {
    try {
      const next = load();
      const outcome = next.hash === current.hash ? 'unchanged' : 'changed';
      if (outcome === 'changed') state = stateOf(next, state.version + 1, needsRestart(first, next));
      else state = { ...state, faults: [] };
      current = next;
      return { outcome, ...state };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      state = { ...state, faults: error.faults };
      return { outcome: 'refused', ...state };
    }
  };

  const watch = watchFiles(first.files, everyMs, reload, log);
  return {
    get current() {
      return current;
    },
    get state() {
      return state;
    },
    reload() {
      const reloaded = reload();
      // files may be back as they were before anybody has looked at them in between
      if (reloaded.outcome === 'refused') watch.forget();
      return reloaded;
    },
    close: () => watch.close(),
  };
}

const stateOf = ({ hash }: Config, version: number, restart: readonly string[]): LiveConfigState => {
  return { hash, version, since: new Date().toISOString(), faults: [], needsRestart: restart };
};

const needsRestart = (before: Config, after: Config): string[] =>
  Object.entries(readAtStart)
    .filter(([, part]) => textOf(part(before)) !== textOf(part(after)))
    .map(([key]) => key);

const textOf = (value: unknown) =>
  JSON.stringify(value, (_, item: unknown) => (item instanceof RegExp ? item.source : item));

function watchFiles(files: Config['files'], everyMs: number, onChange: () => void, log: Logger) {
  let known: string | undefined;
  let seen: string | undefined;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const now = await fingerprint(files);
      known ??= now;
      const isStill = now === seen;
      seen = now;
      if (now === known || !isStill) return;
      known = now;
      onChange();
    } catch (error) {
      log.warn({ err: error }, 'the configuration cannot be looked at');
    } finally {
      isLooking = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    /** The next files that stand still count as changed. */
    forget: () => void (known = ''),
    close: () => clearInterval(timer),
  };
}

/** Names, sizes and times of all files; a folder that is gone has none. */
async function fingerprint({ folder, overlay }: Config['files']): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = names.filter((name) => /\.(yaml|md)$/.test(name)).map((name) => join(folder, name));
  const all = [...paths.sort(), ...(overlay === undefined ? [] : [overlay])];
  const stats = await Promise.all(all.map((path) => stat(path).catch(() => undefined)));
  return all.map((path, index) => `${path} ${stats[index]?.size ?? ''} ${stats[index]?.mtimeMs ?? ''}`).join('\n');
}
