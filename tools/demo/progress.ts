import { duration } from '../../client/report/duration.ts';
import type { MediaState, Phase, Progress } from '../../workflows/goflow/contracts/progress.ts';
import type { Colours } from './screen.ts';

/** Where the project stands at one moment. */
export interface Snapshot {
  readonly phase: Phase | 'starting';
  readonly combinations: number;
  readonly done: number;
  readonly failed: number;
  /** Images by state. */
  readonly images: Readonly<Partial<Record<MediaState, number>>>;
  readonly waitingFor: string | undefined;
  /** Since the first result; 0 before it. */
  readonly runningMs: number;
}

const states: readonly MediaState[] = ['waiting', 'staging', 'analysing', 'done', 'failed'];
const bar = { widest: 28, besides: 24 };

export function countImages(media: Progress['media']): Snapshot['images'] {
  const counts: Partial<Record<MediaState, number>> = {};
  for (const { state } of media) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** One line that fits the width: a bar, counts, images by state, rate and time left. */
export function liveLine(snapshot: Snapshot, width: number, colours: Colours): string {
  const { phase, combinations, done, failed, waitingFor } = snapshot;
  // a line that wraps could not be taken away again
  const barWidth = Math.max(0, Math.min(bar.widest, width - phase.length - bar.besides));
  const filled = Math.round(barWidth * Math.min(1, (done + failed) / combinations));
  const blocks = colours.green('█'.repeat(filled)) + colours.dim('░'.repeat(barWidth - filled));
  const texts = [
    `${done}/${combinations}`,
    failed > 0 ? `${failed} failed` : '',
    imagesText(snapshot),
    ...speedTexts(snapshot),
    waitingFor === undefined ? '' : `waits for ${waitingFor}`,
  ];
  const text = texts.filter((part) => part !== '').join(' · ');
  const room = Math.max(0, width - barWidth - phase.length - 3);
  return `${colours.bold(phase)} ${blocks} ${text.slice(0, room)}`;
}

/** The same without what changes although nothing has happened. */
export function plainLine(snapshot: Snapshot): string {
  const { phase, combinations, done, failed, waitingFor } = snapshot;
  const parts = [`${phase}: ${done} of ${combinations} done`, `${failed} failed`, imagesText(snapshot)];
  if (waitingFor !== undefined) parts.push(`waits for ${waitingFor}`);
  return parts.filter((part) => part !== '').join(', ');
}

function imagesText({ images }: Snapshot): string {
  const parts = states.flatMap((state) => (images[state] === undefined ? [] : [`${images[state]} ${state}`]));
  return parts.length === 0 ? '' : `images: ${parts.join(', ')}`;
}

function speedTexts({ combinations, done, failed, runningMs }: Snapshot): string[] {
  // the first result starts the clock, so it does not count
  const perSecond = (done - 1) / (runningMs / 1000);
  if (!(perSecond > 0) || !Number.isFinite(perSecond)) return [];
  const left = combinations - done - failed;
  return [`${perSecond.toFixed(1)}/s`, ...(left > 0 ? [`${duration((left / perSecond) * 1000)} left`] : [])];
}
