import type { ImageFacts } from '../../activities/qa/image-facts.ts';
import { imageFacts } from '../../activities/qa/image-facts.ts';
import { renderPrompt } from '../../activities/vision/prompt.ts';
import type { ImageForModel } from '../../activities/vision/provider.ts';
import {
  type CoordinateMode,
  coordinateModeSchema,
  type Definition,
} from '../../workflows/goflow/contracts/analysis.ts';
import { answerers } from './answers.ts';
import { draw } from './draw.ts';
import { type Random, randomOf } from './random.ts';
import { colours } from './colours.ts';
import { fill, type Scene, type SceneKind, sceneKinds, sceneOf } from './scene.ts';
import { boxWriter, inModelShape, type JsonObject, type Value } from './write.ts';

/** A picture that is drawn once and looked at by the product once, however many cases use it. */
export interface Picture {
  readonly scene: Scene;
  readonly image: ImageForModel;
  readonly facts: ImageFacts;
}

/** One analysis of one picture, with what is right about it. */
export interface Question {
  readonly definition: Definition;
  readonly scene: Scene;
  readonly picture: Picture;
  readonly prompt: string;
  /** Right, by the definition's names; boxes in pixels of the original. */
  readonly value: Value;
  /** Right, as a model writes it. */
  readonly model: JsonObject;
  readonly systemPrompt: string;
}

export interface Album {
  readonly pictures: readonly Picture[];
  readonly definitions: readonly Definition[];
  readonly systemPrompt: string;
}

/** Half of the pictures are the same in every run, half follow the seed. */
export async function makeAlbum(
  bySlug: ReadonlyMap<string, Definition>,
  systemPrompt: string,
  { seed, perKind }: { seed: number; perKind: number },
): Promise<Album> {
  const pictures: Picture[] = [];
  for (const kind of sceneKinds) {
    for (let index = 0; index < perKind; index += 1) {
      const scene = sceneOf(kind, randomOf('picture', kind, index, index % 2 === 0 ? 'fixed' : seed));
      const image = await draw(scene);
      pictures.push({ scene, image, facts: await imageFacts(image) });
    }
  }
  return { pictures, definitions: variantsOf(bySlug), systemPrompt };
}

/** Each definition in each way of writing boxes, where it has any. */
function variantsOf(bySlug: ReadonlyMap<string, Definition>): Definition[] {
  return [...bySlug.values()]
    .filter(({ slug }) => slug in answerers)
    .flatMap((definition) => {
      const modes: readonly CoordinateMode[] = hasBoxes(definition)
        ? coordinateModeSchema.options
        : [definition.coordinates];
      const variants = modes.map((coordinates) => ({ ...definition, coordinates }));
      return definition.slug === 'object-detection' ? [...variants, ...variants.map(withVocabulary)] : variants;
    });
}

/** As an operator would write it who knows what his pictures show. */
const withVocabulary = (definition: Definition): Definition => ({
  ...definition,
  qa: { ...definition.qa, label_vocabulary: { params: { labels: everyLabel } } },
});
const everyLabel = [...Object.keys(fill), 'shirt'].flatMap((label) => [
  label,
  ...colours.map(({ name }) => `${name} ${label}`),
]);

const hasBoxes = ({ fields }: Definition): boolean => JSON.stringify(fields).includes('"type":"box"');

export interface Wanted {
  readonly slugs?: readonly string[];
  readonly scenes?: readonly SceneKind[];
}

/** Draws one; undefined when the picture and the analysis do not go together. */
export function questionOf(album: Album, { slugs, scenes }: Wanted, random: Random): Question | undefined {
  const slug = random.pick(slugs ?? Object.keys(answerers));
  const variants = album.definitions.filter((definition) => definition.slug === slug);
  const answerer = answerers[slug];
  if (variants.length === 0 || !answerer) return undefined;
  const kind = random.pick(scenes ?? sceneKinds);
  const picture = random.pick(album.pictures.filter(({ scene }) => scene.kind === kind));
  const { scene } = picture;
  if (!answerer.suits(scene)) return undefined;
  const definition = random.pick(variants);
  const value = answerer.answer(scene, random);
  return {
    ...{ definition, scene, picture, value, systemPrompt: album.systemPrompt },
    model: inModelShape(definition, value, boxWriter(definition.coordinates, scene)),
    prompt: renderPrompt(definition, {
      analysisName: slug.replaceAll('-', ' '),
      analysisSlug: slug,
      imageWidth: scene.sent.width,
      imageHeight: scene.sent.height,
    }),
  };
}
