import { CancellationScope, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { StatusStep } from '../contracts/ids.ts';
import type { Job } from '../contracts/job.ts';
import type { News, ProjectLedger } from '../contracts/messages.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Phase } from '../contracts/progress.ts';
import type { CarriedProject, ProjectInput } from '../contracts/project.ts';
import type { goflowMedia } from '../media.ts';
import { Combinations } from './combinations.ts';

/** An image whose workflow runs. Its signals may come in before the start of it is confirmed to us. */
export interface RunningMedia {
  handle: ChildWorkflowHandle<typeof goflowMedia> | undefined;
  /** Settles when the workflow has ended, however it did. */
  ended: Promise<unknown>;
  /** Set while the image is admitted on a host, or has nothing that needs one. */
  staged: boolean;
  host: string | undefined;
  toldPaused: boolean;
  /** How often it was told to pause or to go on. */
  pauseOrder: number;
  /** Analyses that GoFlow is known to have accepted meanwhile. */
  readonly accepted: Set<string>;
  /** More of them, which no history knows: for show and nothing else. */
  readonly seen: Set<string>;
}

export const newlyRunning = (paused: boolean): RunningMedia => ({
  handle: undefined,
  ended: Promise.resolve(),
  staged: false,
  host: undefined,
  toldPaused: paused,
  pauseOrder: 0,
  accepted: new Set(),
  seen: new Set(),
});

/** Why a project waits for an operator, and which word moves it on. */
export interface Hold {
  readonly kind: 'failed-combinations' | StatusStep | 'report';
  readonly reason: string;
}

/** Everything a project workflow knows. Changed by its steps and by the operator's words, read by its queries. */
export class ProjectState {
  readonly input: ProjectInput;
  readonly job: Job;
  readonly scope = new CancellationScope();
  readonly running = new Map<string, RunningMedia>();
  readonly ignored: string[];
  /** In order: what was said to operators so far, for the activity ids. */
  announced: number;
  /** By stage: how many QA failures operators were told of. */
  readonly toldQaFailures: Record<string, number>;
  startedAtMs: number;
  paused: boolean;
  /** 'no' → 'may-have-arrived' while E2 "processing" is under way → 'accepted'. */
  processing: ProjectLedger['processing'];
  /** One per step of E2, so that it is sent once whoever asks. */
  readonly statusCalls: Partial<Record<StatusStep, Promise<void>>> = {};
  /** How often an ended image was asked for what it had sent, for the activity ids. */
  recovered = 0;
  step: 'planning' | 'analysing' | 'completing' | 'over' = 'planning';
  hold: Hold | undefined;
  acceptedBecause: string | undefined;
  cancelledBecause: string | undefined;
  sendReportAgain = false;
  waitingForGoflow: NonNullable<News['waitingForGoflow']> | undefined;
  ending: Extract<Phase, 'done' | 'failed' | 'cancelled'> | undefined;
  private planned: { plan: Plan; combinations: Combinations } | undefined;

  constructor(input: ProjectInput, job: Job, nowMs: number) {
    const { carried } = input;
    this.input = input;
    this.job = job;
    this.ignored = [...(carried?.ignored ?? [])];
    this.announced = carried?.announced ?? 0;
    this.toldQaFailures = { ...carried?.toldQaFailures };
    this.startedAtMs = carried?.startedAtMs ?? nowMs;
    this.paused = carried?.paused ?? false;
    this.processing = carried?.processingAccepted ? 'accepted' : 'no';
    if (carried) this.adoptPlan(carried.plan);
  }

  adoptPlan(plan: Plan): void {
    this.planned = { plan, combinations: new Combinations(plan, this.input.carried?.combinations) };
    if (plan.earlier?.processing !== undefined && this.processing === 'no') this.processing = plan.earlier.processing;
    this.step = 'analysing';
  }

  get hasPlan(): boolean {
    return this.planned !== undefined;
  }

  get plan(): Plan {
    return this.mustHavePlan().plan;
  }

  get combinations(): Combinations {
    return this.mustHavePlan().combinations;
  }

  get begun(): boolean {
    return this.processing === 'accepted';
  }

  phase(): Phase {
    if (this.ending) return this.ending;
    if (this.waitingForGoflow) return 'waiting-for-goflow';
    if (this.hold) return 'holding';
    if (this.paused) return 'paused';
    if (this.step === 'planning') return 'planning';
    if (this.step !== 'analysing') return 'completing';
    for (const media of this.running.values()) if (media.staged) return 'processing';
    return 'waiting-for-gpu';
  }

  /** Moves the open state on to the next run. */
  carry(): CarriedProject {
    return {
      plan: this.plan,
      startedAtMs: this.startedAtMs,
      processingAccepted: this.begun,
      paused: this.paused,
      announced: this.announced,
      toldQaFailures: this.toldQaFailures,
      ignored: this.ignored,
      combinations: this.combinations.carry(),
    };
  }

  ledger(): ProjectLedger {
    return {
      processing: this.processing,
      combinations: this.planned?.combinations.ledger() ?? {},
      openMedia: [...this.running.keys()],
      rerun: this.planned?.plan.rerun ?? this.input.rerun,
    };
  }

  private mustHavePlan() {
    if (this.planned === undefined) throw new RangeError('the project has no plan yet');
    return this.planned;
  }
}
