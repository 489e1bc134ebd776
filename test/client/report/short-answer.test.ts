import { expect, test } from 'vitest';
import { oneLine, shortAnswer, shortened } from '../../../client/report/short-answer.ts';

const box = { x: 1, y: 2, width: 3, height: 4 };
const object = (name: unknown) => ({ name, confidence: 0.5, bounding_box: box });

test.each<[object, string]>([
  [{ objects_detected: [object('cup'), object('person'), object('person')] }, 'person ×2, cup ×1'],
  [{ objects_detected: [] }, 'nothing found'],
  [{ objects_detected: [object(7), null] }, 'something ×2'],
  [{ people_count: 2, people: [box] }, '2 people'],
  [{ people_count: 1 }, '1 person'],
  [{ people_count: 0 }, 'no people'],
  [
    {
      colours: [
        { hex: '#ffffff', name: 'white', share: 0.2 },
        { hex: '#8a7b6c', name: 'brown', share: 0.41 },
      ],
      dominant: '#8a7b6c',
    },
    '#8a7b6c brown 41 %',
  ],
  [{ colours: [] }, 'no colours'],
  [{ verdict: 'good', sharpness: 97, contrast: 3 }, 'good (sharpness 97)'],
  [{ image_description: 'A cup on a\ntable.' }, 'A cup on a table.'],
  [{ summary: 'Evening light.', findings: ['a'], confidence: 0.9 }, 'Evening light.'],
  [{ not_applicable: true, reason: 'the image is greyscale' }, 'not applicable: the image is greyscale'],
  [
    { season: 'winter', certain: true, tags: ['a', 'b'], processing_time_seconds: 1 },
    'season: winter · certain: yes · tags: a, b',
  ],
  [
    { overall_severity: 'minor', damages: [], summary: 'A scratch.' },
    'overall severity: minor · damages: none · summary: A scratch.',
  ],
  [
    { animals: [object('cat'), object('dog'), object('cat')], keeping: 'pet' },
    'animals: cat ×2, dog ×1 · keeping: pet',
  ],
  [{ risk: 'low', findings: [{ kind: 'face', bounding_box: box }] }, 'risk: low · findings: face ×1'],
  [
    {
      items: [
        { name: 'cup', count: 12 },
        { name: 'plate', count: 3 },
      ],
    },
    'items: cup ×12, plate ×3',
  ],
  [{ green_share: 0.49, storeys: 4, tilt: 0, certainty: 1 }, 'green share: 49 % · storeys: 4 · tilt: 0 · certainty: 1'],
  [{ people: [{ helmet: 'worn' }, { helmet: 'missing' }], work: 'welding' }, 'people: ×2 · work: welding'],
  [{ texts: [{ text: 'EXIT' }], full_text: 'EXIT' }, 'EXIT'],
  [{ texts: [], full_text: '' }, 'no text'],
  [{ keywords: ['red', 'car'], main_keyword: 'car' }, 'red, car'],
  [{ alt_text: 'A cup.', long_description: 'A cup on a table.' }, 'A cup.'],
  [{ processing_time_seconds: 1 }, 'an empty answer'],
])('%j is said as "%s"', (result, text) => {
  expect(shortAnswer(result as Record<string, unknown>)).toBe(text);
});

test('foreign text cannot steer a terminal', () => {
  expect(oneLine('a\u001B[31mred\r\nb\u202Ec')).toBe('a [31mred b c');
});

test('a text is cut between characters', () => {
  expect(shortened('short', 60)).toBe('short');
  expect(shortened('abcdef', 4)).toBe('abc…');
  expect(shortened('ab😀def', 4)).toBe('ab…');
});
