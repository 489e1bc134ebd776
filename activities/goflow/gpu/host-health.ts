import type { Logger } from 'pino';
import { VisionError, type VisionProvider } from '../../vision/provider.ts';
import type { ModelBook } from './model-book.ts';

export interface HostHealthOptions {
  readonly provider: Pick<VisionProvider, 'health'>;
  readonly models: ModelBook;
  /** Models of the definitions, the most used one first. */
  readonly neededModels: readonly string[];
  readonly log: Logger;
  readonly onChange: () => void;
}

/**
 * Whether the vision server of this host answers and has a model to work with. A live worker with a dead server would
 * otherwise swallow every image, and one without a model would fail every analysis, quicker than any other host.
 */
export class HostHealth {
  private readonly options: HostHealthOptions;
  /** What is wrong; the host works as long as one model does. Undefined: nobody has looked yet. */
  private problems: readonly string[] | undefined;
  private healthy = false;
  private versionText: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<boolean> | undefined;
  private readonly ended = new AbortController();

  constructor(options: HostHealthOptions) {
    this.options = options;
  }

  /** Images may be taken. */
  get isHealthy(): boolean {
    return this.healthy;
  }

  /** What an operator should mend, in words; undefined when there is nothing. */
  get problem(): string | undefined {
    if (this.problems === undefined) return 'the vision server has not been looked at yet';
    return this.problems.length > 0 ? this.problems.join('; ') : undefined;
  }

  get version(): string | undefined {
    return this.versionText;
  }

  /** Looks now, and then again and again. */
  async start(intervalMs: number): Promise<void> {
    await this.check();
    this.timer = setInterval(() => void this.check(), intervalMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.ended.abort();
  }

  /** One look for all who ask at the same time. */
  check(): Promise<boolean> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<boolean> {
    const { provider, models, neededModels } = this.options;
    const { signal } = this.ended;
    try {
      const { version } = await provider.health(signal);
      // it came back, or is another one: perhaps with other models
      if (!this.healthy || version !== this.versionText) models.forget();
      this.versionText = version;
    } catch (error) {
      const isSilent = error instanceof VisionError && (error.kind === 'network' || error.kind === 'timeout');
      this.become(false, [`the vision server ${isSilent ? 'does not answer' : 'cannot be used'}: ${messageOf(error)}`]);
      return false;
    }
    const looks = await Promise.allSettled(neededModels.map((model) => models.factsOf(model, signal)));
    const problems = looks.flatMap((look) => (look.status === 'rejected' ? [messageOf(look.reason)] : []));
    this.become(problems.length === 0 || problems.length < looks.length, problems);
    return this.healthy;
  }

  private become(healthy: boolean, problems: readonly string[]): void {
    const isNews = this.problems === undefined || healthy !== this.healthy;
    if (this.ended.signal.aborted || (!isNews && problems.join() === this.problems?.join())) return;
    this.healthy = healthy;
    this.problems = problems;
    const { log, onChange } = this.options;
    if (!healthy) log.warn({ reason: this.problem }, 'the vision server cannot work: no image is taken');
    else if (problems.length > 0)
      log.warn({ reason: this.problem }, 'the vision server lacks a model: some analyses will fail');
    else log.info({ version: this.versionText }, 'the vision server answers');
    if (isNews) onChange();
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
