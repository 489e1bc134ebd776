import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';
import { BoxLayout, type Corners } from './boxes.ts';
import { fitText, sentence, type TextLimits } from './prose.ts';
import type { Spoiler } from './spoilers.ts';
import { NOUNS } from './words.ts';

/** What the parts of one answer share: the same few things are labelled, boxed and described. */
export interface AnswerContext {
  readonly random: Random;
  readonly root: JsonSchema;
  readonly label: () => string;
  readonly prose: (limits: TextLimits) => string;
  readonly box: () => Corners;
}

export function answerContext(input: {
  readonly random: Random;
  readonly root: JsonSchema;
  readonly question: string;
  readonly spoiler: Spoiler;
}): AnswerContext {
  const { random, root, question, spoiler } = input;
  const things = random.sample(NOUNS, NOUNS.length);
  const layout = new BoxLayout(random);
  let labels = 0;
  return {
    random,
    root,
    label: () => things[labels++ % things.length] ?? 'person',
    prose: (limits) => fitText(() => spoiler.prose?.(question) ?? sentence(random, things, limits.maxLength), limits),
    box: () => {
      const corners = layout.next();
      return spoiler.box?.(corners) ?? corners;
    },
  };
}
