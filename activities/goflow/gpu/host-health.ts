import type { Logger } from 'pino';
import type { VisionProvider } from '../../vision/provider.ts';

/**
 * Whether the vision server of this host answers. A live worker with a dead server would otherwise swallow every image.
 */
export class HostHealth {
  private readonly provider: VisionProvider;
  private readonly log: Logger;
  private readonly onChange: () => void;
  private healthy = false;
  private hasLooked = false;
  private versionText: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<boolean> | undefined;

  constructor(provider: VisionProvider, log: Logger, onChange: () => void) {
    this.provider = provider;
    this.log = log;
    this.onChange = onChange;
  }

  get isHealthy(): boolean {
    return this.healthy;
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
  }

  /** One look for all who ask at the same time. */
  check(): Promise<boolean> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<boolean> {
    try {
      const { version } = await this.provider.health(new AbortController().signal);
      this.versionText = version;
      this.become(true);
    } catch (error) {
      this.become(false, error);
    }
    return this.healthy;
  }

  private become(healthy: boolean, error?: unknown): void {
    if (this.hasLooked && healthy === this.healthy) return;
    this.hasLooked = true;
    this.healthy = healthy;
    const reason = error instanceof Error ? error.message : undefined;
    if (healthy) this.log.info({ version: this.versionText }, 'the vision server answers');
    else this.log.warn({ reason }, 'the vision server does not answer: no image is taken');
    this.onChange();
  }
}
