import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Case } from './cases.ts';
import { type Album, questionOf } from './questions.ts';
import { randomOf } from './random.ts';
import { isProse, places, put } from './write.ts';

/**
 * What models say instead of a description, and right descriptions that sound like it, by an author who had never seen
 * the rules. They measure how the rules do on words that nobody wrote them for, and are NEVER to be tuned on: a rule that
 * is changed because of a phrase here makes the figure worthless. Add to `faults/` or `odd-answers.ts` instead.
 */
const faults = z.array(z.object({ kind: z.string(), text: z.string() })).parse(read('faults.json'));
const right = z.array(z.string()).parse(read('right.json'));

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`held-out/${name}`, import.meta.url), 'utf8'));
}

export const heldOutCases = (album: Album): Case[] => [
  ...faults.map(({ kind, text }) => caseOf(album, kind, text, true)),
  ...right.map((text) => caseOf(album, 'right description', text, false)),
];

function caseOf(album: Album, kind: string, text: string, isFault: boolean): Case {
  const question = questionOf(album, { slugs: ['image-description'], scenes: ['shapes'] }, randomOf(text));
  if (!question) throw new Error('no picture that suits a description');
  const model = structuredClone(question.model);
  const [place] = places(question.definition, model).filter(isProse);
  if (!place) throw new Error('a description without prose');
  put(place, text);
  return { kind, isFault, isAside: false, question, text: JSON.stringify(model), finish: 'stop' };
}
