import { setMaxListeners } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Answer, StagedImage } from '../../../workflows/goflow/contracts/media.ts';
import type { ImageForModel } from '../../vision/provider.ts';

/** Analyses that an image has to go when its successor is made ready: staging takes about as long. */
const endingAt = 6;
/** An image that is being staged is waited for so long, and the first analysis of one that was staged. */
const worthWaitingMs = { staging: 1_000, analysis: 300 };

/** One image on this host. */
export interface Place {
  readonly key: string;
  readonly image: ImageForModel;
  /** When the image came, counted from the start of this process. */
  readonly order: number;
  readonly takenAtMs: number;
  /** Aborted when the image is given back with what still waits or runs for it. */
  readonly released: AbortController;
  /** What was found out already, by analysis and round: an answer whose delivery was lost is not made again. */
  readonly answers: Map<string, Answer>;
  /** Analyses that wait or run here. */
  outstanding: number;
  /** Analyses that are still to come, as the image's workflow said last. */
  toCome: number;
  /** Both. */
  readonly toDo: number;
  idleSinceMs: number;
}

/**
 * The images that are staged on this host. Places are what admission counts; their keys are kept on disk, so that a
 * restarted worker does not admit as if it were empty.
 */
export class Places {
  private readonly staged = new Map<string, Place>();
  /** Known from before a restart, image not loaded yet. */
  private readonly remembered = new Map<string, number>();
  private readonly file: string;
  private readonly log: Logger;
  private readonly onChange: () => void;
  private writing: Promise<void> = Promise.resolve();
  private arrived = 0;
  private readonly arriving = new Set<{ readonly sinceMs: number }>();

  private constructor(file: string, log: Logger, onChange: () => void) {
    this.file = file;
    this.log = log;
    this.onChange = onChange;
  }

  /** @param onChange called whenever a place is taken or given back */
  static async open(file: string, log: Logger, onChange: () => void = () => undefined): Promise<Places> {
    const places = new Places(file, log, onChange);
    // a disk that takes nothing does not keep a host from working: see `changed`
    await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
    for (const key of await readKeys(file)) places.remembered.set(key, Date.now());
    return places;
  }

  get taken(): number {
    return this.staged.size + this.remembered.size;
  }

  find(key: string): Place | undefined {
    return this.staged.get(key);
  }

  /** Images that will soon have nothing to do: the next ones had better be made ready. */
  get ending(): number {
    const isEnding = ({ toDo }: Place) => toDo <= endingAt;
    return [...this.staged.values()].filter(isEnding).length;
  }

  /** Images that are likely to ask for their first lane in a moment: the next of those that get ready, and the new ones. */
  get aboutToStart(): number {
    const nowMs = Date.now();
    const isNew = ({ toCome, takenAtMs }: Place) => toCome === Infinity && nowMs - takenAtMs < worthWaitingMs.analysis;
    const isNear = ({ sinceMs }: { readonly sinceMs: number }) => nowMs - sinceMs < worthWaitingMs.staging;
    // images are decoded one by one
    const next = [...this.arriving].some(isNear) ? 1 : 0;
    return [...this.staged.values()].filter(isNew).length + next;
  }

  /** Gets an image ready that will take a place. */
  async staging<T>(work: () => Promise<T>): Promise<T> {
    const arrival = { sinceMs: Date.now() };
    this.arriving.add(arrival);
    try {
      return await work();
    } finally {
      this.arriving.delete(arrival);
    }
  }

  /** SHA-256 of the images that are staged now. */
  hashes(): ReadonlySet<string> {
    return new Set([...this.staged.values()].map(({ image }) => image.sha256));
  }

  take(key: string, image: ImageForModel): Place {
    const known = this.staged.get(key);
    if (known?.image.sha256 === image.sha256) return known;
    this.arrived += 1;
    const released = new AbortController();
    // one listener per analysis that waits or runs: no leak
    setMaxListeners(0, released.signal);
    const place: Place = {
      key,
      image,
      order: this.arrived,
      takenAtMs: Date.now(),
      released,
      answers: new Map<string, Answer>(),
      outstanding: 0,
      toCome: Infinity,
      get toDo() {
        return this.outstanding + this.toCome;
      },
      idleSinceMs: Date.now(),
    };
    this.staged.set(key, place);
    this.remembered.delete(key);
    this.changed();
    return place;
  }

  /** Counts work for an image while it waits or runs: a place with work is not idle. */
  async using<T>(place: Place, work: () => Promise<T>): Promise<T> {
    place.outstanding += 1;
    try {
      return await work();
    } finally {
      place.outstanding -= 1;
      place.idleSinceMs = Date.now();
    }
  }

  release(key: string, why?: Error): void {
    const place = this.staged.get(key);
    const isKnown = this.staged.delete(key) || this.remembered.delete(key);
    if (why) place?.released.abort(why);
    if (isKnown) this.changed();
  }

  /** Gives back what has had nothing outstanding for so long. Called while others wait for a place. */
  releaseIdle(idleMs: number): void {
    const before = Date.now() - idleMs;
    const idle = [...this.staged.values()].filter((place) => place.outstanding === 0 && place.idleSinceMs < before);
    const forgotten = [...this.remembered].filter(([, sinceMs]) => sinceMs < before).map(([key]) => key);
    for (const key of [...idle.map(({ key }) => key), ...forgotten]) {
      this.log.info({ image: key }, 'an idle image gives its place to others');
      this.release(key);
    }
  }

  /** Resolves when the file says what memory says. */
  saved(): Promise<void> {
    return this.writing;
  }

  private changed(): void {
    this.onChange();
    const keys = [...this.staged.keys(), ...this.remembered.keys()];
    this.writing = this.writing
      .then(async () => {
        await writeFile(`${this.file}.tmp`, JSON.stringify(keys));
        await rename(`${this.file}.tmp`, this.file);
      })
      .catch((error: unknown) => this.log.warn({ err: error }, 'the list of staged images cannot be written'));
  }
}

async function readKeys(file: string): Promise<string[]> {
  try {
    return z.array(z.string()).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // no file yet, or one from a crash: admission starts from nothing, which the lanes survive
    return [];
  }
}

export const placeKey = (projectId: string, mediaId: string) => `${projectId}/${mediaId}`;

export const stagedImageOf = (image: ImageForModel): StagedImage => ({
  variant: image.variant,
  sha256: image.sha256,
  originalWidth: image.originalWidth,
  originalHeight: image.originalHeight,
  sentWidth: image.width,
  sentHeight: image.height,
});
