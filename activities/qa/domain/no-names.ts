import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { TextAt } from '../types.ts';
import { plainly } from '../words.ts';

/** What stands in a list where a thing has not been named. */
export function isNoNameOfThing({ text, describe }: TextAt, definition: Definition): boolean {
  const plain = plainly(text);
  return isPlaceholder(plain) && !isAllowed(plain, describe, definition);
}

const isPlaceholder = (plain: string) => placeholders.some((pattern) => pattern.test(plain));

/** By plain words. `text`, `label`, `image` and `background` are things that can be seen. */
const placeholders: readonly RegExp[] = [
  /^(objs?|bbox(es)?|bbox 2d|box 2d|bounding box(es)?|[xy] ?([0-4]|min|max))$/,
  /^((an?|the|some|this|that|one) )?(objects?|items?|things?|stuff|entity|entities)$/,
  /^(something|anything|none|nothing|unknown|unidentified|undefined|unspecified|unnamed|unlabell?ed|unclear|other|others)$/,
  /^((an?|the|some) )?(unidentified|unknown|undefined|unspecified|unrecogni[sz](ed|able)|unnamed|indistinct|generic) (objects?|items?|things?|entity|entities|stuff|shapes?|class|labels?)$/,
  /^(an?|the|and|or|of|in|on|at|to|it|is|this|that|these|those)$/,
];

/** What stands in a template where a thing is to be named. Some of it can be seen, too. */
export function isOfTemplate({ text, describe }: TextAt, definition: Definition): boolean {
  const plain = plainly(text);
  return ofTemplates.test(plain) && !isAllowed(plain, describe, definition);
}

const ofTemplates =
  /^((an?|the|some|this|your) )?((label|name|class|category|type|value|string|detection|image|object|item|thing)s?( |$))+\d*$/;

/** Where the analysis knows the word as a label, or says of the field that it may stand there. */
function isAllowed(plain: string, describe: string | undefined, { qa }: Definition): boolean {
  if (` ${plainly(describe ?? '')} `.includes(` ${plain} `)) return true;
  const vocabulary = qa?.label_vocabulary;
  const labels = vocabulary === undefined || vocabulary === 'off' ? undefined : vocabulary.params?.['labels'];
  return Array.isArray(labels) && labels.some((label) => typeof label === 'string' && plainly(label) === plain);
}

/** What the model says of itself or of the image, instead of a name. */
export const isSaying = (text: string) =>
  /^\W*(I ?(can|cannot|could|do|am|was|see|think|believe|have|don)\b|I'm\b|(it|this|that) (is|seems|looks|appears)\b|there (is|are)\b|(cannot|can't|could not|couldn't) \w|(not|un)(sure| sure|able| able)\b|not (clear|visible|identifiable|recogni[sz]able)\W*$)/i.test(
    text.replaceAll('’', "'"),
  );

/** `person|glass`, `person/glass/table`, `person, glass, table`: one name each. */
export const isOfSeveral = (text: string) =>
  text.includes('|') ||
  /^\s*\p{L}{3,}(\s*\/\s*\p{L}{3,}){2,}\s*$/u.test(text) ||
  /^\s*\p{Ll}{3,}(\s*,\s*(and )?\p{Ll}{3,}){2,}\s*$/u.test(text);

/** `"person"`: quotation marks that the answer needs none of; signs say "EXIT". */
export const isQuoted = (text: string) => /^\s*["“”„«'][^"“”„«»']*\p{Ll}[^"“”„«»']*["“”»']\s*$/u.test(text);
