import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import {
  coordinateModeSchema,
  type Definition,
  embeddedKindSchema,
  type Field,
} from '../workflows/goflow/contracts/analysis.ts';
import { overrideRules, ruleOverridesSchema } from '../workflows/goflow/contracts/qa-rules.ts';
import { coordinatesOf } from './coordinates.ts';
import { fieldsSchema } from './fields.ts';
import { promptVariables, readPrompt } from './prompts.ts';
import { type QaRules, slowPatternsIn } from './qa.ts';
import { relationFaultsIn } from './relations.ts';
import type { Settings } from './settings.ts';
import { check, type Faults, readYaml, type YamlFile } from './yaml-file.ts';

/** One file of `analyses/`. What it leaves out comes from `gf25.yaml`. */
const definitionFileSchema = z
  .strictObject({
    version: z.string().min(1),
    prompt: z.string().regex(/^[\w.-]+\.md$/, 'a file name in prompts/, ending in .md'),
    model: z.string().min(1).optional(),
    coordinates: coordinateModeSchema.optional(),
    image: z.enum(['colour', 'greyscale', 'any']).default('any'),
    requiresColour: z.boolean().default(false),
    embedded: embeddedKindSchema.optional(),
    sampling: z
      .strictObject({
        temperature: z.number().min(0).max(2).default(0.1),
        /** Servers take 31 bits, and a negative one for chance; repairs count up from it. */
        seed: z.int().min(0).max(2_000_000_000).default(25),
        maxTokens: z.int().min(16).default(1500),
      })
      .prefault({}),
    fields: fieldsSchema,
    qa: ruleOverridesSchema.optional(),
  })
  .refine(({ image, requiresColour }) => !requiresColour || image !== 'greyscale', {
    path: ['image'],
    error: 'is greyscale, but requiresColour refuses greyscale images',
  });

type DefinitionFile = z.infer<typeof definitionFileSchema>;

export interface Definitions {
  /** By slug; `default` is one of them. */
  readonly bySlug: ReadonlyMap<string, Definition>;
  /** The same for every analysis and model, so that the prefix cache survives (P4). */
  readonly systemPrompt: string;
}

/**
 * Settings and rules are undefined when they have faults of their own: those of the definitions are looked for all the same
 */
export function readDefinitions(
  folder: string,
  settings: Settings | undefined,
  qa: QaRules | undefined,
  faults: Faults,
): Definitions {
  const bySlug = new Map<string, Definition>();
  for (const file of listYaml(join(folder, 'analyses'), faults)) {
    const yaml = readYaml(file, faults);
    const parsed = check(definitionFileSchema, yaml, faults);
    if (parsed === undefined) continue;
    const slug = basename(file).replace(/\.ya?ml$/, '');
    if (bySlug.has(slug)) faults.add(yaml.where([]), `there is another file for "${slug}"`);
    checkRoom(parsed.sampling.maxTokens, settings, yaml, faults);
    const faultsBefore = faults.list.length;
    const prompt = readPrompt(join(folder, 'prompts', parsed.prompt), promptVariables, yaml.where(['prompt']), faults);
    // one that has a typing error in it lacks what it was to say, too
    if (faults.list.length === faultsBefore) checkPrompt(prompt, parsed, yaml, faults);
    if (qa !== undefined) checkOverrides(qa, parsed, yaml, faults);
    const { model = settings?.vision.model ?? '' } = parsed;
    const { coordinates = coordinatesOf(model, settings?.vision.coordinates ?? 'pixels') } = parsed;
    bySlug.set(slug, { ...parsed, slug, model, coordinates, prompt });
  }
  if (settings?.analysis.unknownSlug === 'default' && !bySlug.has('default'))
    faults.add('analysis.unknownSlug', 'is "default", but there is no analyses/default.yaml');
  const systemPrompt = readPrompt(join(folder, 'prompts', '_system.md'), [], 'prompts/_system.md', faults);
  return { bySlug, systemPrompt };
}

/** What a prompt must say, or the model would have to guess what is asked and how it is to be written. */
function checkPrompt(
  text: string,
  { prompt, fields }: Pick<DefinitionFile, 'prompt' | 'fields'>,
  yaml: YamlFile,
  faults: Faults,
): void {
  const lacks = (name: string) => text !== '' && !new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(text);
  const add = (what: string) => faults.add(yaml.where(['prompt']), `the prompt ${prompt} ${what}`);
  if (lacks('fields')) add('lacks {{fields}}: the model must be told what to answer');
  if (hasBox(fields) && lacks('box_format')) add('lacks {{box_format}}: the model must be told how boxes are written');
}

const hasBox = (fields: Readonly<Record<string, Field>>): boolean => Object.values(fields).some(isOrHasBox);

const isOrHasBox = (field: Field): boolean =>
  field.type === 'box' ||
  (field.type === 'list' && isOrHasBox(field.items)) ||
  (field.type === 'object' && hasBox(field.fields));

function checkRoom(maxTokens: number, settings: Settings | undefined, yaml: YamlFile, faults: Faults): void {
  const { contextTokens = Infinity } = settings?.vision ?? {};
  if (maxTokens < contextTokens) return;
  const message = `${maxTokens} leaves no room in the context of ${contextTokens} (vision.contextTokens)`;
  faults.add(yaml.where(['sampling', 'maxTokens']), `sampling.maxTokens: ${message}`);
}

function checkOverrides(
  { fields: _, ...rules }: QaRules,
  { fields, qa: overrides }: Pick<DefinitionFile, 'fields' | 'qa'>,
  yaml: YamlFile,
  faults: Faults,
): void {
  const merged = overrideRules(rules, overrides);
  const found =
    'faults' in merged ? merged.faults : [...slowPatternsIn(overrides), ...relationFaultsIn(fields, merged.rules)];
  for (const { path, message } of found) faults.add(yaml.where(['qa', ...path]), `qa.${path.join('.')}: ${message}`);
}

function listYaml(folder: string, faults: Faults): string[] {
  if (!existsSync(folder)) {
    faults.add(folder, 'no such folder');
    return [];
  }
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
