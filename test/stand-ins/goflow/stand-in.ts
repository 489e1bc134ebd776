import { createCallLog } from '../shared/call-log.ts';
import { createFaults, type FaultRule, type Faults } from '../shared/faults.ts';
import { startStandInServer } from '../shared/stand-in-server.ts';
import { waitFor, type WaitOptions } from '../shared/wait-for.ts';
import { handleCall, type GoflowCall, type GoflowDetails } from './agent-api.ts';
import { countAnswers, countDownloads } from './call-counts.ts';
import { goflowControl } from './control.ts';
import { createImages } from './images.ts';
import type { Job } from './job.ts';
import { createLedger } from './ledger.ts';
import { summarise, viewLedger, type LedgerView, type ProjectSummary } from './ledger-view.ts';
import { toQueuedJob, type EnqueueOptions, type QueuedJob } from './queue.ts';
import type { Endpoint, MatchName } from './routes.ts';

export type GoflowFaultRule = FaultRule<Endpoint, MatchName>;

export interface GoflowStandInOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default `goflow-stand-in-key`. */
  readonly apiKey?: string;
  /** False: calls are let in whatever their `X-API-Key`. Default true. */
  readonly requireKey?: boolean;
  /** False: an upstream that has never heard of idempotency keys and refuses repeats as duplicates. Default true. */
  readonly honoursKeys?: boolean;
  /** Each ended call is appended here as one line of JSON. */
  readonly logFile?: string;
  /** For fault rules with a `share`. Default 1. */
  readonly faultSeed?: number;
}

/** A GoFlow backend for tests, the demo and work by hand: the real protocol over real HTTP. */
export interface GoflowStandIn {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  /** Puts a job at the end of the queue. A string or Buffer is handed out as it is, anything else as JSON. */
  enqueue(body: unknown, options?: EnqueueOptions): void;
  /** Jobs that wait to be handed out. */
  queued(): number;
  /** Makes a project known that E1 never handed out, such as one submitted from a file. */
  registerProject(job: Job, options?: EnqueueOptions): void;
  addImage(path: string, bytes: Buffer, mime?: string): void;
  /** Serves the files of a folder below the prefix. */
  addImageDirectory(prefix: string, folder: string): void;
  readonly faults: Faults<Endpoint, MatchName>;
  /** Every call so far, in the order of arrival; open ones have no `durationMs` yet. */
  calls(): readonly GoflowCall[];
  ledger(): LedgerView;
  /** What a correct client never does, in words. */
  violations(): readonly string[];
  /** Undefined while the project is not known. */
  project(projectId: string): ProjectSummary | undefined;
  /** How often each image was served whole, by path. */
  downloads(): Readonly<Record<string, number>>;
  /** Resolves with the first truthy value of the predicate. */
  waitFor<T>(predicate: (standIn: GoflowStandIn) => T | Promise<T>, options?: WaitOptions): Promise<NonNullable<T>>;
  /** Refuses connections and destroys the open ones, until `up`. What it holds stays. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startGoflowStandIn(options: GoflowStandInOptions = {}): Promise<GoflowStandIn> {
  const { apiKey = 'goflow-stand-in-key', requireKey = true, honoursKeys = true } = options;
  const queue: QueuedJob[] = [];
  const images = createImages();
  const ledger = createLedger(honoursKeys);
  const faults = createFaults<Endpoint, MatchName>(options.faultSeed);
  const log = createCallLog<GoflowDetails>(options.logFile);
  const violations: string[] = [];

  const surface = {
    apiKey,
    faults,
    enqueue: (body: unknown, jobOptions?: EnqueueOptions) => void queue.push(toQueuedJob(body, jobOptions)),
    queued: () => queue.length,
    registerProject: (job: Job, jobOptions?: EnqueueOptions) => ledger.register(job, jobOptions),
    addImage: (path: string, bytes: Buffer, mime?: string) => images.add(path, bytes, mime),
    addImageDirectory: (prefix: string, folder: string) => images.addDirectory(prefix, folder),
    calls: () => log.all(),
    ledger: () => viewLedger(ledger.state),
    violations: () => [...violations],
    project(projectId: string) {
      const project = ledger.state.projects.get(projectId);
      return project && summarise(projectId, project);
    },
    downloads: () => countDownloads(log.all()),
  };

  const parts = { apiKey: requireKey ? apiKey : undefined, queue, images, ledger, faults, log, violations };
  const server = await startStandInServer({
    host: options.host,
    port: options.port,
    control: goflowControl(surface),
    handle: (call) => handleCall(parts, call),
  });

  const standIn: GoflowStandIn = {
    ...server,
    ...surface,
    waitFor: (predicate, waitOptions) =>
      waitFor(
        () => predicate(standIn),
        () => describe(standIn),
        waitOptions,
      ),
  };
  return standIn;
}

/** For the error of a wait in vain. */
function describe(standIn: GoflowStandIn): string {
  const projects = Object.keys(standIn.ledger().projects).map((projectId) => standIn.project(projectId));
  return JSON.stringify({ calls: countAnswers(standIn.calls()), projects, violations: standIn.violations() });
}
