import type { Logger } from 'pino';
import type { CoordinateMode, Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import { gainsOf } from '../../qa/other-readings.ts';
import { ReadingOdds } from '../../qa/reading-odds.ts';
import { type ScaleEvidence, scaleEvidence } from '../../qa/scale-evidence.ts';
import type { Answer, ScaleSeen } from '../../qa/types.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { ModelFacts } from '../../vision/provider.ts';

/** The scale of one model's boxes in one coordinate mode. */
export interface CoordinateScale {
  /** Takes up what an answer shows, and tells what all have shown. */
  readonly note: (answer: Answer) => ScaleSeen;
  /** A rule has found that the setting is wrong: said once. */
  readonly suspect: () => void;
}

/** More than any rule asks for. */
const enoughChance = 1e-12;
/** A reading that leads by no more than this is not named. */
const likely = 0.2;
/** So many images are known again, lest one counts twice. */
const maxImages = 1_000;

/**
 * What the boxes of each model have shown on this host of how they are meant, in memory: over many images a model gives
 * itself away. One that writes 0-1000 where pixels are asked for never goes beyond 1000; in any other mode, or of an image
 * that the server has made smaller, its boxes part what is seen only where they are read so.
 */
export class CoordinateScales {
  private readonly seen = new Map<string, Seen>();
  private readonly log: Logger;
  private readonly metrics: Pick<Metrics, 'coordinateScale'>;

  constructor(log: Logger, metrics: Pick<Metrics, 'coordinateScale'>) {
    this.log = log;
    this.metrics = metrics;
  }

  /** @param facts other weights under the same name are another model */
  of({ model, coordinates }: Definition, { digest = '' }: ModelFacts): CoordinateScale {
    const key = JSON.stringify([model, digest, coordinates]);
    const seen = this.seen.get(key) ?? new Seen(coordinates);
    this.seen.set(key, seen);
    return {
      note: (answer) => {
        seen.take(answer);
        const { all } = seen;
        if (all.chance === 1) this.metrics.coordinateScale.remove({ model });
        return all;
      },
      suspect: () => {
        this.metrics.coordinateScale.set({ model }, 1);
        if (seen.isSaid) return;
        seen.isSaid = true;
        const { images, chance, reading } = seen.all;
        this.log.warn(
          { model, coordinates, images, chance },
          `the boxes of this model ${adviceOn(coordinates, reading)}`,
        );
      },
    };
  }
}

/** How they look, and what to set. */
function adviceOn(mode: CoordinateMode, reading: ScaleSeen['reading']): string {
  if (reading === undefined)
    return `look like 0-1000 and not like pixels: set vision.coordinates for it to ${mode.replace('pixels', 'rel1000')}`;
  if (reading.scale === 1)
    return `look like ${reading.mode} and not like ${mode}: set vision.coordinates for it to ${reading.mode}`;
  const size = `an image ${reading.scale} x as wide and high as the one that is sent`;
  return `look like pixels of ${size}: set vision.image to the size that the server leaves as it is`;
}

class Seen {
  isSaid = false;
  private readonly reach = new Reach();
  private readonly odds: ReadingOdds;
  private readonly images = new Set<string>();

  constructor(mode: CoordinateMode) {
    this.odds = new ReadingOdds(mode);
  }

  /** The more telling of both. A smaller image does not go beyond 1000 either: the odds tell which it is. */
  get all(): ScaleSeen {
    const { reading, chance } = this.odds.best;
    const { all } = this.reach;
    if (reading === undefined || chance > likely) return all;
    return all.chance <= chance ? { ...all, reading } : { images: this.images.size, chance, reading };
  }

  take(answer: Answer): void {
    const { sha256 } = answer.image;
    const evidence = scaleEvidence(answer);
    if (evidence) this.reach.take(sha256, evidence);
    const gains = this.images.has(sha256) ? undefined : gainsOf(answer);
    if (gains === undefined) return;
    if (this.images.size >= maxImages) this.images.clear();
    this.images.add(sha256);
    this.odds.take(gains);
  }
}

/** How far the boxes go, where pixels are counted. A box beyond 1000 settles that they are pixels. */
class Reach {
  private isSettled = false;
  private chance = 1;
  private readonly images = new Set<string>();

  get all(): ScaleSeen {
    return this.isSettled ? { images: 0, chance: 1 } : { images: this.images.size, chance: this.chance };
  }

  take(image: string, evidence: ScaleEvidence): void {
    this.isSettled ||= evidence.isBeyond;
    if (this.isSettled) this.images.clear();
    if (this.isSettled || evidence.isBeyond || this.images.has(image) || this.chance < enoughChance) return;
    this.images.add(image);
    this.chance *= evidence.chance;
  }
}
