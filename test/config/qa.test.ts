import { describe, expect, test } from 'vitest';
import { configFolder, faultsOf as faultsIn } from './folders.ts';

/** What is said of the shipped configuration with one file changed. */
async function faultsOf(file: string, change: (text: string) => string): Promise<readonly string[]> {
  const { env } = await configFolder({ [file]: change });
  return faultsIn(env);
}

const palette = 'analyses/colour-palette.yaml';
const withQa = (qa: string) => (text: string) => `${text}\nqa:\n  ${qa}\n`;
const damage = 'analyses/damage-assessment.yaml';
/** Another first relation. */
const related = (relation: string) => (text: string) =>
  text.replace(/(relations:\n +- ).*/, (_, before: string) => `${before}${relation}`);

test('the shipped rules have no fault, and a definition may override them', async () => {
  expect(await faultsOf('qa.yaml', (text) => text)).toEqual([]);
  expect(await faultsOf(palette, withQa('palette_shares: off'))).toEqual([]);
  expect(await faultsOf(palette, withQa('palette_in_pixels: { on_fail: reask, params: { delta_e: 12 } }'))).toEqual([]);
});

describe('every fault of the rules is named by file, line and key', () => {
  test.each<[string, string, (text: string) => string, RegExp]>([
    ['an unknown rule', 'qa.yaml', (t) => t.replace('rule: box_min,', 'rule: box_mini,'), /qa\.yaml:\d+: domain\.2\.rule: unknown rule of the stage domain; known are coord_mode/], // prettier-ignore
    ['a param of another type', 'qa.yaml', (t) => t.replace('iou: 0.85', 'iou: much'), /qa\.yaml:\d+: domain\.4\.params\.iou: /], // prettier-ignore
    ['a missing param', 'qa.yaml', (t) => t.replace('{ iou: 0.85 }', '{}'), /qa\.yaml:\d+: domain\.4\.params\.iou: /],
    ['an unknown param', 'qa.yaml', (t) => t.replace('iou: 0.85', 'iou: 0.85, ioo: 1'), /domain\.4\.params: .*ioo/],
    ['an unknown reaction', 'qa.yaml', (t) => t.replace('on_fail: retry-longer }', 'on_fail: wait }'), /structural\.0\.on_fail: /], // prettier-ignore
    ['a bad pattern', 'qa.yaml', (t) => t.replace("'\\blorem ipsum\\b'", "'lorem('"), /content\.\d+\.params\.patterns\.0: not a regular expression/], // prettier-ignore
    ['a rule twice', 'qa.yaml', (t) => t.replace('rule: finish_complete', 'rule: finish_stop'), /structural\.1\.rule: finish_stop stands here twice/], // prettier-ignore
    ['a pattern that takes for ever', 'qa.yaml', (t) => t.replace("'\\blorem ipsum\\b'", "'^(\\w+\\s?)+;'"), /qa\.yaml:\d+: content\.2\.params\.patterns\.0: takes for ever on some texts/], // prettier-ignore
    ['one with two ways for the same', 'qa.yaml', (t) => t.replace("'\\blorem ipsum\\b'", "'(?:lorem|lor|em)+!'"), /qa\.yaml:\d+: content\.2\.params\.patterns\.0: takes for ever/], // prettier-ignore
    ['one for fields', 'qa.yaml', (t) => t.replace('  label:', "  label:\n    - '(a*)*b'"), /qa\.yaml:\d+: fields\.label\.0: takes for ever/], // prettier-ignore
    ['one in an override', palette, withQa("refusal: { params: { patterns: ['(x+x+)+y'] } }"), /colour-palette\.yaml:\d+: qa\.refusal\.params\.patterns\.0: takes for ever/], // prettier-ignore
    ['a bad field pattern', 'qa.yaml', (t) => t.replace('  label:', "  label:\n    - '(('"), /fields\.label\.0: not a regular expression/], // prettier-ignore
    ['an override of an unknown rule', palette, withQa('box_mini: off'), /colour-palette\.yaml:\d+: qa.*box_mini/],
    ['an override with a bad param', palette, withQa('palette_shares: { params: { max_sum: 0 } }'), /colour-palette\.yaml:\d+: qa\.palette_shares\.params\.max_sum: /], // prettier-ignore
    ['a rule that needs more', palette, withQa('label_vocabulary: { on_fail: flag }'), /colour-palette\.yaml:\d+: qa\.label_vocabulary\.params\.labels: /], // prettier-ignore
    ['a relation of an unknown field', damage, related('{ when: { severity: [none] }, then: { damages: empty } }'), /damage-assessment\.yaml:\d+: qa\.fields_agree\.params\.relations\.0\.when\.severity: there is no such field/], // prettier-ignore
    ['one of an unknown field in a list', damage, related('{ when: { damages.kind: [dent] }, then: { damages: empty } }'), /when\.damages\.kind: there is no such field/], // prettier-ignore
    ['one with a value that cannot be', damage, related('{ when: { overall_severity: [none, fatal] }, then: { damages: empty } }'), /when\.overall_severity: it can never be "fatal"/], // prettier-ignore
    ['one with a value of another type', damage, related('{ when: { damages: empty }, then: { summary: [true] } }'), /then\.summary: it can never be true/], // prettier-ignore
    ['one about an enum that is empty', damage, related('{ when: { overall_severity: empty }, then: { damages: empty } }'), /when\.overall_severity: a field of type enum is never empty/], // prettier-ignore
    ['one about the size of a text', damage, related('{ when: { summary: { at_least: 3 } }, then: { damages: empty } }'), /when\.summary: it is no number/], // prettier-ignore
    ['one with a test that nobody knows', damage, related('{ when: { damages: none }, then: { overall_severity: [none] } }'), /relations\.0\.when\.damages: must be empty, not_empty, a list of values, /], // prettier-ignore
    ['one without a consequence', damage, related('{ when: { damages: empty } }'), /relations\.0\.then: /],
    ['the worst of an unknown field', damage, (t) => t.replace('damages.severity }', 'damages.rank }'), /at_least_worst_of\.overall_severity: there is no such field/], // prettier-ignore
    ['the worst of what is no enum', damage, (t) => t.replace('damages.severity }', 'damages.part }'), /at_least_worst_of\.overall_severity: both must be of type enum/], // prettier-ignore
    ['the worst of other values', damage, (t) => t.replace('severity: { type: enum, values: [minor', 'severity: { type: enum, values: [tiny, minor'), /at_least_worst_of\.overall_severity: it can never be "tiny"/], // prettier-ignore
  ])('%s', async (_, file, change, expected) => {
    expect(await faultsOf(file, change)).toEqual([expect.stringMatching(expected)]);
  });
});
