import type { JsonSchema } from '../engine/inference.ts';
import type { Look } from '../engine/look.ts';
import type { Random } from '../random.ts';
import { BoxLayout, type Corners } from './boxes.ts';
import { type Colour, coloursOf } from './colours.ts';
import { edgesIn } from './edges.ts';
import { fitText, sentence, type TextLimits } from './prose.ts';
import type { Spoiler } from './spoilers.ts';
import { ADJECTIVES, COLOURS, NOUNS } from './words.ts';

/** What the parts of one answer share: the same few things are labelled, boxed and described. */
export interface AnswerContext {
  readonly random: Random;
  readonly root: JsonSchema;
  /** What is seen of the image; undefined where there is none. */
  readonly look: Look | undefined;
  /** All that the answer may tell of, the largest share first. */
  readonly colours: readonly Colour[];
  /** One colour after the other. */
  readonly colour: () => Colour;
  /** Words that describe a thing: none for colours where there are none. */
  readonly adjectives: readonly string[];
  readonly label: () => string;
  readonly prose: (limits: TextLimits) => string;
  readonly box: () => Corners;
}

export function answerContext(input: {
  readonly random: Random;
  readonly root: JsonSchema;
  readonly question: string;
  readonly prompt: string;
  readonly spoiler: Spoiler;
  readonly look: Look | undefined;
}): AnswerContext {
  const { random, root, question, prompt, spoiler, look } = input;
  const things = random.sample(NOUNS, NOUNS.length);
  const layout = new BoxLayout(random, look && edgesIn(look, prompt));
  const colours = coloursOf(look, random);
  const adjectives = look?.isGrey === true ? ADJECTIVES.filter((word) => !COLOURS.includes(word)) : ADJECTIVES;
  let labels = 0;
  let told = 0;
  return {
    random,
    root,
    look,
    colours,
    adjectives,
    colour: () => colours[told++ % colours.length] ?? { hex: '#808080', name: 'grey', share: 1 },
    label: () => things[labels++ % things.length] ?? 'person',
    prose: (limits) =>
      fitText(() => spoiler.prose?.(question) ?? sentence(random, things, limits.maxLength, adjectives), limits),
    box: () => {
      const corners = layout.next();
      return spoiler.box?.(corners) ?? corners;
    },
  };
}
