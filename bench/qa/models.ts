import { pino } from 'pino';
import { CoordinateScales } from '../../activities/goflow/gpu/coordinate-scales.ts';
import { checkAnswer } from '../../activities/qa/check-answer.ts';
import type { Answer } from '../../activities/qa/types.ts';
import { createMetrics } from '../../activities/shared/metrics.ts';
import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import type { QaSettings } from '../../workflows/goflow/contracts/qa.ts';
import { type Habit, habits } from './misreadings.ts';
import type { Photograph } from './photographs.ts';
import { type Random, randomOf } from './random.ts';
import type { Rectangle } from './scene.ts';
import { inModelShape, notationOf, writeBox } from './write.ts';

/** What the product makes of many models with one habit. */
export interface HabitRow {
  readonly habit: string;
  readonly isRight: boolean;
  readonly answers: number;
  /** Not accepted, each for itself. */
  readonly noticed: number;
  readonly models: number;
  readonly suspected: number;
  /** Images until a model was suspected, in the middle of those that were. */
  readonly images: number | undefined;
  /** Of the processor, for what is kept of each answer. */
  readonly msPerAnswer: number;
}

/** No model draws exactly as the detector does. */
const usualSloppiness = 0.04;
export const maxFalseSuspicions = 0.005;

/** Models of each habit look at photographs; a view that is drawn again is another image, with boxes of its own. */
export function measureModels(
  photographs: readonly Photograph[],
  detection: Definition,
  settings: QaSettings,
  { seed, models, images }: { seed: number; models: number; images: number },
): HabitRow[] {
  return Object.entries(habits).map(([name, habit]) => {
    const definition = { ...detection, coordinates: habit.asked };
    const seen = Array.from({ length: models }, (_, index) => {
      const random = randomOf('model', name, index, seed);
      const scale = habit.seen?.(random) ?? 1;
      return lookAt(
        Array.from({ length: images }, (_, image) =>
          answerOf({ definition, habit, scale, name: `${image}` }, random.pick(photographs), random),
        ),
        settings,
      );
    });
    const after = seen.flatMap(({ suspectedAfter }) => suspectedAfter ?? []).sort((a, b) => a - b);
    const sum = (of: 'noticed' | 'ms') => seen.reduce((total, one) => total + one[of], 0);
    return {
      ...{ habit: name, isRight: habit.isRight === true, answers: models * images, noticed: sum('noticed') },
      ...{ models, suspected: after.length, images: after[Math.floor(after.length / 2)] },
      msPerAnswer: sum('ms') / (models * images),
    };
  });
}

/** One model from its first answer on. */
function lookAt(answers: readonly Answer[], settings: QaSettings) {
  const scales = new CoordinateScales(pino({ level: 'silent' }), createMetrics());
  let [noticed, ms] = [0, 0];
  let suspectedAfter: number | undefined;
  for (const [index, answer] of answers.entries()) {
    // of this process alone: the machine may have more to do
    const before = process.cpuUsage();
    const scale = scales.of(answer.definition, {}).note(answer);
    const { user, system } = process.cpuUsage(before);
    ms += (user + system) / 1000;
    const { isGood, issues } = checkAnswer({ ...answer, scale }, settings);
    const alone = issues.filter(({ rule }) => rule !== 'coordinate_scale');
    if (!isGood || alone.length > 0) noticed += 1;
    if (alone.length < issues.length) suspectedAfter ??= index + 1;
  }
  return { noticed, ms, suspectedAfter };
}

/** What a model says that sees the picture at `scale`. */
function answerOf(
  { definition, habit, scale, name }: Given,
  { image, facts, things }: Photograph,
  random: Random,
): Answer {
  const size = { width: image.originalWidth, height: image.originalHeight };
  const { place = (box: Rectangle) => box, sloppiness = usualSloppiness } = habit;
  const seen = things.map(({ label, confidence, box }) => {
    const { x, y, width, height } = place(sloppy(box, random, sloppiness, size), size);
    return { name: label, confidence, bounding_box: { x, y, width, height } };
  });
  const objects = habit.isSparing ? [random.pick(seen)] : seen;
  const model = inModelShape(definition, { objects_detected: objects }, (box) =>
    writeBox(notationOf(habit.written), box, { ...size, sent: image }).map((number) => Math.round(number * scale)),
  );
  return {
    inference: { text: JSON.stringify(model), finish: 'stop', model: 'a model', usage: {}, timings: { totalMs: 1 } },
    image: { ...image, sha256: `${image.sha256} ${name}` },
    ...{ definition, facts, prompt: definition.prompt },
  };
}

interface Given {
  readonly definition: Definition;
  readonly habit: Habit;
  readonly scale: number;
  /** Of the image: each is another one. */
  readonly name: string;
}

/** Each side on its own, within the image. */
function sloppy(
  { x, y, width, height }: Rectangle,
  { between }: Random,
  share: number,
  image: { readonly width: number; readonly height: number },
): Rectangle {
  const moved = (at: number, by: number, end: number) => Math.min(end, Math.max(0, at + between(-share, share) * by));
  const [left, right] = [moved(x, width, image.width), moved(x + width, width, image.width)];
  const [top, bottom] = [moved(y, height, image.height), moved(y + height, height, image.height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The share of suspected models among those that write as they are asked. */
export function falseSuspicions(rows: readonly HabitRow[]): number {
  const right = rows.filter(({ isRight }) => isRight);
  const sum = (of: 'suspected' | 'models') => right.reduce((total, row) => total + row[of], 0);
  return sum('suspected') / Math.max(1, sum('models'));
}

export function tableOfModels(rows: readonly HabitRow[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(38) : cell.padStart(14))).join('');
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const body = rows.map(({ habit, answers, noticed, models, suspected, images, msPerAnswer }) =>
    line([
      ...[habit, String(answers), percent(noticed / answers), String(models), percent(suspected / models)],
      ...[images === undefined ? '-' : String(images), msPerAnswer.toFixed(2)],
    ]),
  );
  const head = line([
    'models on photographs',
    'answers',
    'noticed',
    'models',
    'suspected',
    'after images',
    'CPU ms/answer',
  ]);
  return [head, '-'.repeat(head.length), ...body].join('\n');
}
