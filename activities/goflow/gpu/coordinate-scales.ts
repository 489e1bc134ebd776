import type { Logger } from 'pino';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
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

/**
 * What the boxes of each model have shown of their unit on this host, in memory: a model that writes 0-1000 where pixels
 * are asked for gives itself away over some images only. A box beyond 1000 settles that it counts pixels.
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
    const seen = this.seen.get(key) ?? new Seen();
    this.seen.set(key, seen);
    return {
      note: (answer) => {
        const evidence = scaleEvidence(answer);
        if (evidence) seen.take(answer.image.sha256, evidence);
        if (seen.isSettled) this.metrics.coordinateScale.remove({ model });
        return seen.all;
      },
      suspect: () => {
        this.metrics.coordinateScale.set({ model }, 1);
        if (seen.isSaid) return;
        seen.isSaid = true;
        const setting = coordinates.replace('pixels', 'rel1000');
        this.log.warn(
          { model, coordinates, ...seen.all },
          `the boxes of this model look like 0-1000 and not like pixels: set vision.coordinates for it to ${setting}`,
        );
      },
    };
  }
}

class Seen {
  isSettled = false;
  isSaid = false;
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
