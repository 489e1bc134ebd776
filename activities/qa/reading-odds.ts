import type { CoordinateMode } from '../../workflows/goflow/contracts/analysis.ts';
import { otherReadings } from './other-readings.ts';
import type { OtherReading } from './types.ts';

/** What is staked on each image. With the largest gain this stays well below all there is. */
const stake = 3;
/** Sloppy boxes may suit another reading better by so much on the whole. */
const tolerance = 0.02;
/** What the past can weigh either way, as a logarithm: a server that was mended is believed again, a spoilt one is found. */
const [least, most] = [-7, 14];

/**
 * How much more likely the boxes of many images are in another reading: a gambler bets on each of the other readings,
 * image by image. Where the one that was asked for is right, he makes a fortune of n with a chance of at most 1 / n; what
 * he cannot lose, far below that, adds next to nothing.
 *
 * Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, 2024.
 */
export class ReadingOdds {
  private readonly readings: readonly OtherReading[];
  private readonly logOdds: number[];

  constructor(mode: CoordinateMode) {
    this.readings = otherReadings(mode);
    this.logOdds = this.readings.map(() => 0);
  }

  /** @param gains of one image: see `gainsOf` */
  take(gains: readonly number[]): void {
    gains.forEach((gain, index) => {
      const won = (this.logOdds[index] ?? 0) + Math.log(1 + stake * (gain - tolerance));
      this.logOdds[index] = Math.min(most, Math.max(least, won));
    });
  }

  /** The most likely of the other readings, and how likely its lead is by chance. */
  get best(): { readonly reading: OtherReading | undefined; readonly chance: number } {
    const fortune = this.logOdds.reduce((sum, odds) => sum + Math.exp(odds), 0) / this.logOdds.length;
    const reading = this.readings[this.logOdds.indexOf(Math.max(...this.logOdds))];
    return { reading, chance: Math.min(1, 1 / fortune) };
  }
}
