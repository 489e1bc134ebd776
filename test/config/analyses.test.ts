import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonSchemaOf } from '../../activities/vision/fields.ts';
import { renderPrompt } from '../../activities/vision/prompt.ts';
import { loadConfig } from '../../config/load.ts';
import { projectRoot } from '../../config/project-root.ts';
import { type Definition, definitionSchema } from '../../workflows/goflow/contracts/analysis.ts';

const { definitions, settings } = loadConfig([], {});
const all = [...definitions.bySlug.values()].map((definition) => ({ slug: definition.slug, definition }));

/** What the model reads, for an image of the size above. */
const promptOf = (definition: Definition) =>
  renderPrompt(definition, { analysisName: 'A name', analysisSlug: 'a-slug', imageWidth: 1036, imageHeight: 784 });

type Schema = Readonly<Record<string, unknown>>;

/** A schema and all that stand inside it, each with the path to it. */
function* schemasIn(schema: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, schema];
  const { properties, items } = schema;
  for (const [name, property] of Object.entries((properties ?? {}) as Record<string, Schema>))
    yield* schemasIn(property, `${path}.${name}`);
  if (items !== undefined) yield* schemasIn(items as Schema, `${path}[]`);
}

test('there are enough for a job of 25 analyses, each in a file and with a prompt of its own', () => {
  const files = (folder: string) => readdirSync(join(projectRoot, 'config', folder)).sort();
  const slugs = files('analyses').map((name) => name.replace('.yaml', ''));
  expect(slugs.length).toBeGreaterThanOrEqual(30);
  expect([...definitions.bySlug.keys()].sort()).toEqual(slugs);
  expect(files('prompts')).toEqual(['_system.md', ...slugs.map((slug) => `${slug}.md`)].sort());
  expect(slugs.filter((slug) => !/^[a-z]+(-[a-z]+)*$/.test(slug))).toEqual([]);
});

test('no two ask the same in almost the same words', () => {
  const shingles = (text: string) => {
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    return new Set(words.map((_, at) => words.slice(at, at + 3).join(' ')));
  };
  const sets = all.map(({ definition }) => {
    const [, task = ''] = definition.prompt.split('\n\n');
    return shingles(task);
  });
  const shares = sets.flatMap((a, index) =>
    sets.slice(index + 1).map((b) => [...a].filter((shingle) => b.has(shingle)).length / Math.min(a.size, b.size)),
  );
  expect(Math.max(...shares)).toBeLessThan(0.4);
});

describe.each(all)('$slug', ({ definition }) => {
  const schema = jsonSchemaOf(definition.fields, definition.coordinates);
  const inside = [...schemasIn(schema, 'answer')];

  test('is a definition that a plan can hold, and reads back as it was', () => {
    expect(definitionSchema.parse(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
  });

  test('has a prompt that names the analysis and every field, and boxes where there are any', () => {
    expect(definition.prompt).toMatch(/^Analysis: \{\{analysis_name\}\} \(\{\{analysis_slug\}\}\)\.\n\n/);
    expect(definition.prompt).toMatch(/\n\nAnswer as JSON with these fields:\n\{\{fields\}\}$/);
    const text = promptOf(definition);
    const asked = inside.flatMap(([, { properties }]) => Object.keys(properties ?? {}));
    expect(asked.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
    const hasBoxes = JSON.stringify(definition.fields).includes('"type":"box"');
    expect(definition.prompt.includes('{{box_format}}')).toBe(hasBoxes);
  });

  test('asks in a schema that every grammar can hold', () => {
    for (const [path, { type, ...node }] of inside) {
      const { properties, pattern } = node as { properties?: object; pattern?: string };
      const { maxItems, maxLength, minimum, maximum } = node as Readonly<Record<string, number>>;
      const span = Number(maximum) - Number(minimum);
      const bounds: Record<string, () => void> = {
        object: () => {
          expect(node['required'], path).toEqual(Object.keys(properties ?? {}));
          expect(node['additionalProperties'], path).toBe(false);
          expect(Object.keys(properties ?? {}).length, path).toBeGreaterThan(0);
        },
        array: () => expect(maxItems, path).toBeLessThanOrEqual(100),
        integer: () => expect(span, path).toBeLessThanOrEqual(10_000),
        number: () => expect(span, path).toBeLessThanOrEqual(1),
        string: () => {
          if ('enum' in node) expect(new Set(node['enum'] as string[]).size, path).toBeGreaterThan(1);
          else if ('pattern' in node) expect(pattern, path).toMatch(/^\^[^\\]*\$$/);
          else expect(maxLength, path).toBeLessThanOrEqual(2000);
        },
        boolean: () => undefined,
      };
      expect(Object.keys(bounds), path).toContain(type);
      bounds[type as string]?.();
      const known = ['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'enum'];
      const more = ['minLength', 'maxLength', 'pattern', 'minimum', 'maximum'];
      expect(Object.keys(node).filter((key) => !known.concat(more).includes(key))).toEqual([]);
    }
  });

  test('fits into the context with the largest image, also when an answer was cut and is asked for with more room', () => {
    const imageTokens = settings.vision.image.maxPixels / settings.vision.image.gridPixels ** 2;
    const promptTokens = (definitions.systemPrompt.length + promptOf(definition).length) / 3;
    const outputTokens = 2 * definition.sampling.maxTokens;
    expect(imageTokens + promptTokens + outputTokens).toBeLessThan(settings.vision.contextTokens);
  });
});
