import type { Random } from './random.ts';
import type { Scene, Thing } from './scene.ts';

const numbers = 'no one two three four five six seven eight nine ten eleven twelve thirteen fourteen'.split(' ');
const plural = (label: string) => (label === 'person' ? 'people' : `${label}s`);
const article = (word: string) => (/^[aeiou]/.test(word) ? 'an' : 'a');
export const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Where a thing is, in words. */
export function whereIs({ box }: Thing, { width, height }: Scene): string {
  const third = (share: number) => (share < 0.36 ? 0 : share > 0.64 ? 2 : 1);
  const column = ['left', 'centre', 'right'][third((box.x + box.width / 2) / width)] ?? '';
  const row = ['upper', 'middle', 'lower'][third((box.y + box.height / 2) / height)] ?? '';
  if (column === 'centre') return row === 'middle' ? 'in the centre' : `in the ${row} part`;
  return row === 'middle' ? `on the ${column}` : `in the ${row} ${column}`;
}

const nameOf = ({ label, colour }: Thing) => (label === 'person' ? label : `${colour.name} ${label}`);

/** "two red circles", once for all that are alike. */
export function groupsOf({ things }: Scene): { words: string; first: Thing }[] {
  const groups = groupBy(things);
  return [...groups].map(([name, alike]) => {
    const [first] = alike;
    const words =
      alike.length === 1 ? `${article(name)} ${name}` : `${numbers[alike.length] ?? 'many'} ${plural(name)}`;
    const people = name === 'person' && alike.length > 1 ? `${numbers[alike.length] ?? 'many'} people` : words;
    return { words: people, first: first as Thing };
  });
}

function groupBy(things: readonly Thing[]): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) groups.set(nameOf(thing), [...(groups.get(nameOf(thing)) ?? []), thing]);
  return groups;
}

const joined = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

const light = {
  normal: ['The light is even.', 'It is lit evenly, without shadows.', 'There are no shadows, and the light is flat.'],
  under: ['The picture is very dark.', 'Hardly any light reaches the scene, so details are lost.'],
  over: ['The picture is washed out by too much light.', 'It is far too bright, and the colours have faded.'],
};

/** What a careful observer would write of a picture. */
export function description(scene: Scene, random: Random): string {
  const { background, words } = scene;
  const things = joined(groupsOf(scene).map((group) => group.words));
  const close = random.pick(light[scene.light]);
  if (things === '')
    return random.pick([
      `The whole picture is plain ${background.name}; nothing else can be seen. ${close}`,
      `A single even ${background.name} surface fills the frame, with no objects on it. ${close}`,
    ]);
  const [first] = groupsOf(scene);
  const where = first ? `${capital(first.words)} can be seen ${whereIs(first.first, scene)}.` : '';
  const read = words === undefined ? '' : ` The sign reads "${words}".`;
  const main = random.pick([
    `${capital(things)} on a plain ${background.name} background.`,
    `The picture shows ${things}. Behind them everything is ${background.name}.`,
    `On ${article(background.name)} ${background.name} surface one can see ${things}. ${where}`,
    `${where} Altogether one can see ${things} against ${background.name}.`,
  ]);
  const blur = scene.isBlurred ? ' The edges are soft, because the picture is out of focus.' : '';
  return `${main}${read}${blur} ${close}`.trim();
}

/** Single observations, each true and none twice. */
export function findings(scene: Scene): string[] {
  const { words, background } = scene;
  return [
    ...groupsOf(scene).map(({ words: what, first }) => `${capital(what)} ${whereIs(first, scene)}`),
    ...(words === undefined ? [] : [`The text "${words}" is written on the sign`]),
    `The background is ${background.name}`,
  ].slice(0, 12);
}
