import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { coordinateModeSchema, type Definition, fieldSchema } from '../workflows/goflow/contracts/analysis.ts';
import { overrideRules, ruleOverridesSchema } from '../workflows/goflow/contracts/qa-rules.ts';
import type { QaRules } from './qa.ts';
import type { Settings } from './settings.ts';
import { check, type Faults, readYaml, type YamlFile } from './yaml-file.ts';

/** One file of `analyses/`. What it leaves out comes from `gf25.yaml`. */
const definitionFileSchema = z.strictObject({
  version: z.string().min(1),
  prompt: z.string().regex(/^[\w.-]+\.md$/, 'a file name in prompts/, ending in .md'),
  model: z.string().min(1).optional(),
  coordinates: coordinateModeSchema.optional(),
  image: z.enum(['colour', 'greyscale', 'any']).default('any'),
  requiresColour: z.boolean().default(false),
  embedded: z.string().optional(),
  sampling: z
    .strictObject({
      temperature: z.number().min(0).default(0.1),
      seed: z.int().default(25),
      maxTokens: z.int().min(16).default(1500),
    })
    .prefault({}),
  fields: z.record(z.string(), fieldSchema).refine((fields) => Object.keys(fields).length > 0, 'must not be empty'),
  qa: ruleOverridesSchema.optional(),
});

/** What a prompt may say in double braces; see `activities/vision/prompt.ts`. */
const promptVariables = ['analysis_name', 'analysis_slug', 'image_width', 'image_height', 'fields', 'box_format'];

export interface Definitions {
  /** By slug; `default` is one of them. */
  readonly bySlug: ReadonlyMap<string, Definition>;
  /** The same for every analysis and model, so that the prefix cache survives (P4). */
  readonly systemPrompt: string;
}

/** @param settings, qa undefined when they have faults of their own: those of the definitions are looked for all the same */
export function readDefinitions(
  folder: string,
  settings: Settings | undefined,
  qa: QaRules | undefined,
  faults: Faults,
): Definitions {
  const { model: defaultModel = '', coordinates: defaultCoordinates = 'pixels' } = settings?.vision ?? {};
  const bySlug = new Map<string, Definition>();
  for (const file of listYaml(join(folder, 'analyses'), faults)) {
    const yaml = readYaml(file, faults);
    const parsed = check(definitionFileSchema, yaml, faults);
    if (parsed === undefined) continue;
    // it becomes part of the prompt; see readPrompt
    if (JSON.stringify(parsed.fields).includes('[img')) faults.add(yaml.where(['fields']), 'must not contain "[img"');
    const slug = basename(file).replace(/\.ya?ml$/, '');
    const prompt = readPrompt(join(folder, 'prompts', parsed.prompt), yaml.where(['prompt']), faults);
    if (qa) checkOverrides(qa, parsed.qa, yaml, faults);
    const { model = defaultModel, coordinates = defaultCoordinates } = parsed;
    bySlug.set(slug, { ...parsed, slug, model, coordinates, prompt });
  }
  if (settings?.analysis.unknownSlug === 'default' && !bySlug.has('default'))
    faults.add('analysis.unknownSlug', 'is "default", but there is no analyses/default.yaml');
  const systemPrompt = readPrompt(join(folder, 'prompts', '_system.md'), 'prompts/_system.md', faults);
  return { bySlug, systemPrompt };
}

/** Overrides are checked as merged: what they leave out comes from `qa.yaml`. */
function checkOverrides({ fields: _, ...rules }: QaRules, overrides: Definition['qa'], yaml: YamlFile, faults: Faults) {
  const merged = overrideRules(rules, overrides);
  if ('rules' in merged) return;
  for (const { path, message } of merged.faults)
    faults.add(yaml.where(['qa', ...path]), `qa.${path.join('.')}: ${message}`);
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

function readPrompt(path: string, where: string, faults: Faults): string {
  if (!existsSync(path)) {
    faults.add(where, `no such prompt: ${basename(path)}`);
    return '';
  }
  const text = readFileSync(path, 'utf8').trim();
  if (text === '') faults.add(where, `the prompt ${basename(path)} is empty`);
  // Ollama takes "[img" for a placeholder that moves the image
  if (text.includes('[img')) faults.add(where, `the prompt ${basename(path)} must not contain "[img"`);
  for (const [, name = ''] of text.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g)) {
    if (!promptVariables.includes(name))
      faults.add(where, `the prompt ${basename(path)} uses {{${name}}}; known are ${promptVariables.join(', ')}`);
  }
  return text;
}
