import { expect, test } from 'vitest';
import { labelsOf } from '../../../../activities/goflow/gpu/results.ts';

const bounding_box = { x: 1, y: 2, width: 3, height: 4 };

test('labels are the names of what has a box, wherever it stands, in small letters', () => {
  const thing = (name: string) => ({ name, confidence: 0.5, bounding_box });
  const result = {
    animals: [thing('Cat'), thing('cat'), { name: 'no box' }, { kind: 'no name', bounding_box }],
    nested: { signs: [thing('EXIT')] },
    crop: bounding_box,
  };
  expect(labelsOf(result)).toEqual({ cat: 2, exit: 1 });
});

test('a thing may be called what every object has', () => {
  const names = ['constructor', 'constructor', '__proto__'].map((name) => ({ name, bounding_box }));
  expect(Object.entries(labelsOf(names))).toEqual([
    ['constructor', 2],
    ['__proto__', 1],
  ]);
});
