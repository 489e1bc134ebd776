import type { Inference } from '../../activities/vision/provider.ts';
import { faultKinds } from './faults/kinds.ts';
import { type Album, type Question, questionOf, type Wanted } from './questions.ts';
import { type Random, randomOf } from './random.ts';
import { rightKinds } from './right.ts';

export interface Case {
  readonly kind: string;
  readonly isFault: boolean;
  /** Shown, but not counted: nobody can tell, or people would not agree. */
  readonly isAside: boolean;
  readonly question: Question;
  readonly text: string;
  readonly finish: Inference['finish'];
}

/** So many are drawn for one case before a kind is given up as impossible. */
const trials = 4_000;

/** Every second case of a kind is the same in every run; the others follow the seed. */
function drawCases<Made>(
  album: Album,
  { seed, kind, count, wanted }: { seed: number; kind: string; count: number; wanted: Wanted },
  make: (question: Question, random: Random) => Made | undefined,
): { question: Question; made: Made }[] {
  // an analysis may be missing where operators have their own
  const { slugs } = wanted;
  if (slugs && !album.definitions.some(({ slug }) => slugs.includes(slug))) return [];
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf('case', kind, index, index % 2 === 0 ? 'fixed' : seed);
    for (let trial = 0; trial < trials; trial += 1) {
      const question = questionOf(album, wanted, random);
      const made = question && make(question, random);
      if (question && made !== undefined) return { question, made };
    }
    throw new Error(`no case of "${kind}" could be made`);
  });
}

/** The same answer in the same words would be no case. */
export function faultCases(album: Album, { seed, perKind }: { seed: number; perKind: number }): Case[] {
  return Object.entries(faultKinds).flatMap(([kind, fault]) => {
    const isAside = fault.hard !== undefined;
    return drawCases(album, { seed, kind, count: perKind, wanted: fault }, (question, random) => {
      const right = JSON.stringify(question.model);
      const planted = fault.plant({ question, model: structuredClone(question.model), random });
      if (planted === undefined) return undefined;
      const text = planted.text ?? JSON.stringify(planted.json);
      const { finish = 'stop' } = planted;
      return text === right && finish === 'stop' ? undefined : { text, finish };
    }).map(({ question, made }) => ({ kind, isFault: true, isAside, question, ...made }));
  });
}

export function rightCases(album: Album, { seed, perKind }: { seed: number; perKind: number }): Case[] {
  return Object.entries(rightKinds).flatMap(([kind, right]) =>
    drawCases(album, { seed, kind, count: perKind, wanted: right }, right.write).map(({ question, made }) => ({
      ...{ kind, isFault: false, isAside: right.disputed !== undefined, question },
      ...{ text: made, finish: 'stop' as const },
    })),
  );
}
