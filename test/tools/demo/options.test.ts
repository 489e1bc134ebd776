import { expect, test } from 'vitest';
import { type DemoOptions, readDemoOptions, UsageError } from '../../../tools/demo/options.ts';

const usual: DemoOptions = {
  vision: 'embedded',
  images: 6,
  analyses: 5,
  hosts: 1,
  lanes: 2,
  latencyMs: 200,
  keep: false,
};

test.each<[string, Partial<DemoOptions>]>([
  ['', {}],
  ['--images 2 --keep', { images: 2, keep: true }],
  ['--vision stand-in --images 20 --analyses 25', { vision: 'stand-in', images: 20, analyses: 25, lanes: 8 }],
  ['--vision=stand-in --hosts 2 --lanes 4 --latency-ms 0', { vision: 'stand-in', hosts: 2, lanes: 4, latencyMs: 0 }],
  ['--vision ollama --analyses 12', { vision: 'ollama', analyses: 12, lanes: 1 }],
])('"%s" is understood', (line, different) => {
  expect(readDemoOptions(line.split(' ').filter((word) => word !== ''))).toEqual({ ...usual, ...different });
});

test('help is asked for', () => {
  expect(readDemoOptions(['--help'])).toBe('help');
});

test.each([
  [['--vision', 'gpt'], '--vision: "gpt" is none of embedded, stand-in, ollama'],
  [['--images', '0'], '--images: "0" is not a whole number from 1 to 1000'],
  [['--images', '2.5'], '--images: "2.5" is not a whole number'],
  [['--lanes', 'many'], '--lanes: "many" is not a whole number'],
  [['--hosts', '-1'], '--hosts'],
  [['--analyses', '6'], '--analyses: the embedded detector knows 5 analyses, not 6; more with --vision stand-in'],
  [['--latency-ms', '5'], '--latency-ms: only the stand-in'],
  [['--vision', 'ollama', '--hosts', '2'], '--hosts: GF25_VISION_URL names one server'],
  [['--picture', '1'], "Unknown option '--picture'"],
  [['six'], 'Unexpected argument'],
])('%j is refused in words', (args, words) => {
  expect(() => readDemoOptions(args)).toThrow(UsageError);
  expect(() => readDemoOptions(args)).toThrow(words);
});
