import { expect, test } from 'vitest';
import { type Coordinates, coordinatesOf, coordinatesSchema } from '../../config/coordinates.ts';
import { loadConfig } from '../../config/load.ts';

const { settings } = loadConfig([], {});

test.each([
  ['qwen2.5vl:7b', 'pixels'],
  ['Qwen/Qwen2.5-VL-7B-Instruct', 'pixels'],
  ['qwen3-vl:8b-instruct', 'rel1000'],
  ['hf.co/unsloth/Qwen3-VL-8B-Instruct-GGUF:Q4_K_M', 'rel1000'],
  ['qwen3.5:4b', 'rel1000'],
  ['gemma3:12b', 'rel1000-yx-square'],
  ['gemma4', 'rel1000-yx'],
  ['llava:7b', 'rel1'],
  ['a-model-of-our-own', 'pixels'],
])('with the table of gf25.yaml, %s writes boxes in %s', (model, mode) => {
  expect(coordinatesOf(model, settings.vision.coordinates)).toBe(mode);
});

test('the longest beginning decides, whatever the order of the table', () => {
  const table: Coordinates = { gemma3: 'rel1', gemma: 'rel1000', 'gemma-3-27b': 'pixels', other: 'rel1-yx' };
  expect(coordinatesOf('gemma-3-27b-it', table)).toBe('pixels');
  expect(coordinatesOf('Gemma_3:4b', table)).toBe('rel1');
  expect(coordinatesOf('gemma4', table)).toBe('rel1000');
  expect(coordinatesOf('other', table)).toBe('rel1-yx');
});

test('one word holds for every model', () => {
  expect(coordinatesOf('qwen3-vl:8b', 'rel1-size')).toBe('rel1-size');
});

test.each([['rel100'], [{ qwen: 'pixels' }], [{ other: 'pixels', qwen: 'relative' }], [undefined]])(
  '%j is refused with the words that are known',
  (value) => {
    const { error } = coordinatesSchema.safeParse(value);
    expect(error?.issues.map(({ message }) => message).join()).toContain('rel1000-yx-square, rel1,');
  },
);
