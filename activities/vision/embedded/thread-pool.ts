import type { Worker } from 'node:worker_threads';

import { VisionError } from '../provider.ts';
import { cancelled } from './deadline.ts';

interface Job<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: VisionError) => void;
}

interface Thread<Request, Reply> {
  readonly worker: Worker;
  busy: boolean;
  /** What the thread works on; absent while it is idle, or finishes a job that nobody waits for any more. */
  job?: Job<Request, Reply> | undefined;
  crash?: unknown;
}

/**
 * Up to `size` worker threads that answer one message with one message. Threads start when needed, stay for the
 * next call, and do not keep the process alive while they are idle.
 */
export class ThreadPool<Request, Reply> {
  readonly #size: number;
  readonly #startThread: () => Worker;
  readonly #threads = new Set<Thread<Request, Reply>>();
  readonly #queue: Job<Request, Reply>[] = [];
  #closed = false;

  constructor(size: number, startThread: () => Worker) {
    this.#size = size;
    this.#startThread = startThread;
  }

  /**
   * Sends `request` to the next free thread. On abort the call ends at once with the signal's reason: a queued
   * request is never sent; a thread cannot be interrupted, so it finishes what it runs and its reply is dropped.
   *
   * @throws {VisionError} kind `runner-died` when the thread ended, `cancelled` when the pool was closed
   */
  run(request: Request, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw closedError();
      signal.throwIfAborted();
      const onAbort = () => {
        this.#abandon(job);
        reject(signal.reason as VisionError);
      };
      const settle =
        <T>(how: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', onAbort);
          how(value);
        };
      const job: Job<Request, Reply> = { request, resolve: settle(resolve), reject: settle(reject) };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Ends all threads and fails what still waits. Later calls fail as cancelled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(closedError());
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()));
  }

  /** To be called whenever a job or a thread has come or gone. */
  #dispatch(): void {
    for (let thread = this.#nextThread(); thread; thread = this.#nextThread()) {
      thread.job = this.#queue.shift();
      thread.busy = true;
      thread.worker.postMessage(thread.job?.request);
    }
    this.#holdProcess();
  }

  /** Threads keep the process alive exactly while a caller waits. */
  #holdProcess(): void {
    for (const { worker, job } of this.#threads) {
      if (job || this.#queue.length > 0) worker.ref();
      else worker.unref();
    }
  }

  /** A free thread for the next job, if there are both; started where the pool is not full. */
  #nextThread(): Thread<Request, Reply> | undefined {
    if (this.#queue.length === 0) return undefined;
    for (const thread of this.#threads) if (!thread.busy) return thread;
    return this.#threads.size < this.#size ? this.#addThread() : undefined;
  }

  #addThread(): Thread<Request, Reply> {
    const thread: Thread<Request, Reply> = { worker: this.#startThread(), busy: false };
    this.#threads.add(thread);
    thread.worker.on('message', (reply: Reply) => {
      thread.job?.resolve(reply);
      thread.job = undefined;
      thread.busy = false;
      this.#dispatch();
    });
    thread.worker.on('error', (error) => (thread.crash = error));
    thread.worker.on('exit', (code) => {
      thread.job?.reject(this.#closed ? closedError() : diedError(code, thread.crash));
      this.#threads.delete(thread);
      this.#dispatch();
    });
    return thread;
  }

  /** Forgets a job that its caller has left; the thread that runs it stays busy. */
  #abandon(job: Job<Request, Reply>): void {
    const place = this.#queue.indexOf(job);
    if (place >= 0) this.#queue.splice(place, 1);
    for (const thread of this.#threads) if (thread.job === job) thread.job = undefined;
    this.#dispatch();
  }
}

function closedError(): VisionError {
  return cancelled('the provider was closed');
}

function diedError(exitCode: number, cause: unknown): VisionError {
  const why = cause instanceof Error ? cause.message : `exit code ${exitCode}`;
  return new VisionError(`embedded: the detector's thread died: ${why}`, {
    kind: 'runner-died',
    scope: 'attempt',
    cause,
  });
}
