import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import { answerOf, defined, detection, found, image, plainPixels, settings } from './answers.ts';

/** Pixels of the image as it is sent, 1000 x 500; the original is twice as large. */
type Corners = readonly number[];
const objects = (boxes: readonly Corners[], labels: readonly string[] = []) => ({
  objects: boxes.map((bbox_2d, index) => ({ label: labels[index] ?? 'a lamp', confidence: 40 + index, bbox_2d })),
});
const at = (index: number) => `objects_detected.${index}.bounding_box`;
const issues = (boxes: readonly Corners[], labels?: readonly string[], more: Partial<Definition> = {}) =>
  found(answerOf(objects(boxes, labels), { ...detection, ...more }));
const grid = (columns: number, rows: number, [width, height]: Corners = [60, 40], step = 80) =>
  Array.from({ length: columns * rows }, (_, index): Corners => {
    const [x, y] = [20 + (index % columns) * step, 30 + Math.floor(index / columns) * step];
    return [x, y, x + (width ?? 0), y + (height ?? 0)];
  });

describe('boxes that can be true', () => {
  test.each<[string, readonly Corners[]]>([
    ['none', []],
    ['the whole image', [[0, 0, 1000, 500]]],
    ['a tiny one', [[500, 200, 502, 202]]],
    ['at the border', [[990, 490, 1000, 500]]],
    ['some of one size', [[10, 10, 60, 60], [200, 37, 250, 87], [411, 300, 461, 350], [800, 90, 850, 140]]], // prettier-ignore
    ['a row of people of about one size', [[10, 100, 71, 300], [95, 103, 160, 300], [170, 98, 232, 305], [260, 101, 320, 299]]], // prettier-ignore
    ['a few equal ones side by side', grid(5, 1)],
    ['the windows of a facade', grid(4, 2).map((corners, n) => corners.map((side, at) => side + ((n * 7 + at * 5) % 5) - 2))], // prettier-ignore
    [
      'close together',
      [
        [100, 100, 200, 200],
        [120, 110, 220, 210],
      ],
    ],
    [
      'one in the other',
      [
        [100, 100, 300, 300],
        [110, 110, 200, 200],
      ],
    ],
  ])('%s', (_, boxes) => expect(issues(boxes)).toEqual([]));

  test('many of one label', () => {
    const boxes = Array.from({ length: 50 }, (_, n): Corners => {
      const [x, y] = [(n * 137) % 900, (n * 61) % 430];
      return [x, y, x + 40 + (n % 7), y + 50 + (n % 11)];
    });
    expect(issues(boxes)).toEqual([]);
  });
});

describe('boxes that cannot be true', () => {
  test.each<[string, readonly Corners[], string[]]>([
    ['a little outside', [[-8, 0, 40, 40]], [`box_in_image fix ${at(0)}`]],
    ['far outside', [[990, 0, 1100, 40]], [`box_in_image reask ${at(0)}`]],
    ['beside the image by little', [[-5, 0, 0, 40]], [`box_in_image reask ${at(0)}`]],
    ['without an area', [[10, 10, 10, 60]], [`box_in_image reask ${at(0)}`]],
    ['a hairline', [[10, 10, 10.5, 60]], [`box_min filter ${at(0)}`]],
    ['two of the whole image', [[0, 0, 1000, 500], [0, 0, 999, 500]], [`box_max flag ${at(0)}`, `box_max flag ${at(1)}`]],
    ['twice the same', [[10, 10, 60, 60], [10, 10, 61, 60]], [`box_duplicates filter ${at(0)}`]],
    ['one box for three things', [0, 1, 2].map(() => [100, 100, 300, 260]), ['box_one_for_all reask-fresh objects_detected.0.bounding_box']],
    ['a grid', grid(3, 2), ['box_grid_suspect flag objects_detected.bounding_box']],
    ['a row', grid(6, 1), ['box_grid_suspect flag objects_detected.bounding_box']],
    ['a staircase', [0, 1, 2, 3, 4, 5].map((n) => [n * 90, n * 50, n * 90 + 70, n * 50 + 40]), ['box_grid_suspect flag objects_detected.bounding_box']],
    ['shares', [[0.1, 0.1, 0.4, 0.5]], ['coord_mode reask objects.0.bbox_2d', `box_min reask ${at(0)}`]],
    ['sizes for corners', [[500, 200, 80, 240]], ['coord_mode reask objects.0.bbox_2d']],
  ])('%s', (_, boxes, expected) => {
    const isMixed = /^box_(max|one)/.test(expected[0] ?? '');
    const labels = boxes.map((__, n) => (isMixed ? (['cat', 'dog', 'cup'][n] ?? '') : 'cat'));
    expect(issues(boxes, labels)).toEqual(expect.arrayContaining(expected.filter((line) => !line.startsWith('box_min reask'))));
  }); // prettier-ignore

  test.each<[Definition['coordinates'], Corners]>([
    ['rel1000', [0.1, 0.2, 0.5, 0.6]],
    ['rel1000', [100, 200, 1400, 900]],
    ['rel1', [100, 200, 500, 400]],
  ])('in the mode %s: %j', (coordinates, box) => {
    expect(issues([box], ['cat'], { coordinates })).toContain('coord_mode reask objects.0.bbox_2d');
  });

  test.each<[string, object, object, string[]]>([
    ['two texts of one sign', { text: 'STOP', kind: 'sign' }, { text: '24H', kind: 'sign' }, []],
    ['two kinds of one text', { text: 'Ann', kind: 'sign' }, { text: 'Ann', kind: 'other' }, []],
    ['the same text, written another way', { text: 'STOP', kind: 'sign' }, { text: 'Stop.', kind: 'sign' }, ['box_duplicates filter texts.1.bounding_box']],
  ])('are not the same box where what is beside them differs: %s', (_, first, second, expected) => {
    const item = { text: { type: 'string' }, kind: { type: 'enum', values: ['sign', 'other'] }, bounding_box: { type: 'box' } };
    const reading = defined({ texts: { type: 'list', items: { type: 'object', fields: item } } });
    const texts = [first, second].map((one, index) => ({ ...one, bbox_2d: [10, 10, 60 + index, 60] }));
    expect(found(answerOf({ texts }, reading))).toEqual(expected);
  }); // prettier-ignore

  test('by our own rounding alone are cut without a word', () => {
    const odd = { ...image, originalWidth: 2475, originalHeight: 1420 };
    const answer = answerOf(objects([[946, 252, 1000, 442]]), { ...detection, coordinates: 'rel1000' }, { image: odd });
    const checked = checkAnswer(answer, settings);
    expect(checked).toMatchObject({ isGood: true, issues: [] });
    const bounding_box = { x: 2341.4, y: 357.8, width: 133.6, height: 269.8 };
    expect(checked).toMatchObject({ result: { objects_detected: [{ bounding_box }] } });
  });

  test('the surer one of two stays, cut to the image', () => {
    const answer = objects([[10, 10, 60, 60], [10, 10, 60, 61]], ['cat', 'Cat']); // prettier-ignore
    const checked = checkAnswer(answerOf(answer, detection), settings);
    expect(checked).toMatchObject({
      isGood: true,
      result: { objects_detected: [{ confidence: 0.41, bounding_box: { x: 20, y: 20, width: 100, height: 102 } }] },
    });
  });
});

describe('labels', () => {
  const label = (name: string, more?: Partial<Definition>) => issues([[10, 10, 60, 60]], [name], more);
  test.each([
    'cat',
    'wine glass',
    'TV',
    'HDMI cable',
    'A4 sheet',
    'MP3 player',
    'Toyota Corolla 2015',
    'no parking sign',
    'text',
    'café',
    'cctv',
    'dvds',
    'hdtv',
    'dslr camera',
    'speed limit: 50',
    'speed limit (30)',
    'exit: 12',
    'discount: 50%',
    'background',
    'other car',
    'unknown person',
    'I-beam',
    'red, white and blue flag',
    'salt/pepper shaker',
    'AC/DC poster',
    'the Beatles poster',
    'item of clothing',
    '"EXIT" sign',
    '"EXIT"',
    "'70s radio",
    'bottle (0.5 l)',
    'not open sign',
    'box',
    'target',
  ])('right: %s', (name) => {
    expect(label(name)).toEqual([]);
  });
  test.each([
    'xkqz',
    'aaaaaaaa',
    'c1rc1e%',
    'rectangle: 0.93',
    'rectangle (.9)',
    'xkqz brtk',
    '42',
    '10, 20, 30',
    'A cat is sitting on the red sofa.',
    'the man who walks beside the small dog',
    ...['object', 'objects', 'item', 'obj', 'bbox', 'bbox_2d', 'none', 'Unknown', 'thing', 'a thing', 'something'],
    ...['unidentified object', 'unknown item', 'the', 'x1', 'y_max', 'other', 'stuff'],
    ...['I cannot tell', "I don't know", 'It is a cat', 'not sure', 'unable to identify'],
    ...[
      'cat 0.9',
      'cat .93',
      'cat (91%)',
      'cat [91 %]',
      'cat|dog',
      'cat/dog/table',
      'cat, dog, table',
      '"cat"',
      '“cat”',
    ],
  ])('wrong: %s', (name) => expect(label(name)).toEqual(['label_sanity reask objects_detected.0.name']));
  test('are no placeholders, unless the analysis knows them', () => {
    const wrong = ['label_sanity reask objects_detected.0.name'];
    expect(label('unknown')).toEqual(wrong);
    const qa = { label_vocabulary: { on_fail: 'reask', params: { labels: ['cat', 'unknown'] } } } as const;
    expect(label('unknown', { qa })).toEqual([]);
    const things = (describe: string) =>
      defined({
        things: { type: 'list', items: { type: 'object', fields: { name: { type: 'string', describe } } } },
        kinds: { type: 'list', items: { type: 'enum', values: ['unknown', 'other'] } },
        note: { type: 'string' },
      });
    const answer = { things: [{ name: 'unknown' }], kinds: ['unknown', 'other'], note: 'unknown' };
    expect(found(answerOf(answer, things('what it is')))).toEqual(['label_sanity reask things.0.name']);
    expect(found(answerOf(answer, things('what it is, or "unknown"')))).toEqual([]);
  });
  test.each([
    'label',
    'a label',
    'Labels',
    'image',
    'an image',
    'name',
    'class name',
    'category',
    'type_1',
    'detection 2',
  ])('that templates have name nothing where they stand alone: %s', (name) => {
    expect(label(name).map((issue) => issue.split(' ')[1])).toEqual([expect.stringMatching(/^reask/)]);
  });
  test('may be "label" where other things are named, too, and deny nothing but what they are about', () => {
    expect(issues([[10, 10, 60, 60], [300, 45, 390, 170]], ['image', 'wall'])).toEqual([]); // prettier-ignore
    const damages = { type: 'list', items: { type: 'object', fields: { name: { type: 'string' } } } };
    const check = (name: string) => found(answerOf({ damages: [{ name }] }, defined({ damages })));
    for (const name of ['no damage', 'No visible damages', 'no signs of damage'])
      expect(check(name)).toEqual(['label_sanity reask damages.0.name']);
    for (const name of ['no parking sign', 'hail damage', 'damage to the door']) expect(check(name)).toEqual([]);
  });
  test('are not all "label"', () => {
    const boxes = [[10, 10, 60, 60], [300, 45, 390, 170]]; // prettier-ignore
    expect(issues(boxes, ['label', 'bottle'])).toEqual([]);
    expect(issues(boxes, ['label', 'Label'])).toEqual(
      [0, 1].map((n) => `label_sanity reask objects_detected.${n}.name`),
    );
  });
  test('with the confidence in them are wrong, whatever it is', () => {
    const labelled = (label: string, confidence: number) =>
      found(answerOf({ objects: [{ label, confidence, bbox_2d: [10, 10, 60, 60] }] }, detection));
    const wrong = ['label_sanity reask objects_detected.0.name'];
    expect(labelled('cat: 93', 93)).toEqual(wrong);
    expect(labelled('cat (93 %)', 93)).toEqual(wrong);
    expect(labelled('speed limit: 50', 93)).toEqual([]);
  });
  test('beyond the vocabulary of the analysis', () => {
    const qa = { label_vocabulary: { on_fail: 'fix', params: { labels: ['cat', 'wine glass', 'person'] } } } as const;
    expect(label('cat', { qa })).toEqual([]);
    expect(label('Wine_glasses', { qa })).toEqual(['label_vocabulary fix objects_detected.0.name']);
    expect(label('flux capacitor', { qa })).toEqual(['label_vocabulary reask objects_detected.0.name']);
  });
  test('with one confidence for all of many', () => {
    const answer = objects(Array.from({ length: 6 }, (_, n) => [n * 100, n * n * 9, n * 100 + 50 + n, n * n * 9 + 60]));
    const same = { objects: answer.objects.map((item) => ({ ...item, confidence: 90 })) };
    expect(found(answerOf(answer, detection))).toEqual([]);
    expect(found(answerOf(same, detection))).toEqual(['confidence_spread flag objects_detected.bounding_box']);
  });
});

describe('a count', () => {
  const people = defined({
    people_count: { type: 'integer', maximum: 500 },
    people: { type: 'list', ask: 'boxes', maxItems: 3, items: { type: 'box' } },
  });
  const count = (people_count: number, boxes: readonly Corners[]) => found(answerOf({ people_count, boxes }, people));
  const [a, b, c]: readonly [Corners, Corners, Corners] = [[10, 10, 60, 60], [100, 20, 160, 90], [300, 40, 350, 99]]; // prettier-ignore
  test('right', () => {
    expect([count(0, []), count(2, [a, b])]).toEqual([[], []]);
    expect(count(120, [a, b, c])).toEqual([]);
  });
  test('of a crowd may be more than anyone draws boxes for', () => {
    const crowd = defined({
      people_count: { type: 'integer', maximum: 500 },
      people: { type: 'list', ask: 'boxes', maxItems: 100, items: { type: 'box' } },
    });
    const check = (people_count: number, boxes: readonly Corners[]) => found(answerOf({ people_count, boxes }, crowd));
    expect(check(120, [a, b, c])).toEqual([]);
    expect(check(12, [a, b, c])).toEqual(['count_matches reask people_count']);
    expect(check(120, [])).toEqual(['count_matches reask people_count']);
  });
  test.each<[number, number, boolean]>([
    [12, 9, true],
    [45, 8, true],
    [60, 8, true],
    [60, 3, true],
    [450, 12, true],
    [60, 1, false],
    [500, 1, false],
    [500, 8, false],
    [12, 5, false],
    [7, 9, false],
  ])('%d beside %d boxes', (people_count, size, isRight) => {
    const crowd = defined({
      people_count: { type: 'integer', maximum: 500 },
      people: { type: 'list', ask: 'boxes', maxItems: 100, items: { type: 'box' } },
    });
    const boxes = Array.from({ length: size }, (_, n): Corners => [10 + n * 61, 10 + n * 7, 51 + n * 63, 92 + n * 11]);
    const issues = found(answerOf({ people_count, boxes }, crowd));
    expect(issues.includes('count_matches reask people_count')).toBe(!isRight);
  });
  test.each<[number, readonly Corners[]]>([
    [3, [a]],
    [0, [a]],
    [5, []],
  ])('wrong: %d', (number, boxes) => expect(count(number, boxes)).toEqual(['count_matches reask people_count']));
});

test('a crop may be the whole image, like the one thing in it', () => {
  const subject = defined({
    subjects: { type: 'list', items: { type: 'object', fields: { name: { type: 'string' }, place: { type: 'box' } } } },
    crop: { type: 'box', ask: 'crop' },
  });
  const whole = [0, 0, 1000, 500];
  const check = (names: readonly string[]) =>
    found(answerOf({ subjects: names.map((name) => ({ name, bbox_2d: whole })), crop: whole }, subject));
  expect(check(['a meadow'])).toEqual([]);
  expect(check(['a meadow', 'a cow'])).toEqual(['box_max flag subjects.0.place', 'box_max flag subjects.1.place']);
});

test('a unit beyond the edge is rounding, and nobody is told', () => {
  const square = { ...detection, coordinates: 'rel1000-yx-square' as const };
  const check = (box_2d: Corners) => found(answerOf({ objects: [{ label: 'cat', confidence: 30, box_2d }] }, square));
  expect(check([249, 0, 750, 1000])).toEqual([]);
  expect(check([246, 0, 750, 1000])).toEqual([`box_in_image fix ${at(0)}`]);
});

describe('a text and its parts', () => {
  const reading = defined({
    texts: { type: 'list', maxItems: 3, items: { type: 'object', fields: { text: { type: 'string' } } } },
    full_text: { type: 'string', maxLength: 2000 },
  });
  const check = (full_text: string, ...texts: string[]) =>
    found(answerOf({ texts: texts.map((text) => ({ text })), full_text }, reading));
  test.each<[string, readonly string[]]>([
    ['', []],
    ['OPEN\ndaily from 9', ['OPEN', 'daily from 9']],
    ['Open daily, from 9.', ['OPEN', 'daily from 9']],
    ['请勿\n在此停车', ['请勿在此停车']],
    ['one two three four five six seven', ['one', 'two', 'three']],
  ])('right: %j', (whole, parts) => expect(check(whole, ...parts)).toEqual([]));
  test.each<[string, readonly string[]]>([
    ['', ['OPEN']],
    ['Welcome home', []],
    ['Fresh bread every morning', ['OPEN', 'daily from 9']],
  ])('wrong: %j', (whole, parts) => expect(check(whole, ...parts)).toEqual(['whole_text_matches reask full_text']));
});

describe('a palette', () => {
  const palette = defined({
    colours: {
      type: 'list',
      items: { type: 'object', fields: { hex: { type: 'hex-colour' }, share: { type: 'number', maximum: 1 } } },
    },
    dominant: { type: 'hex-colour' },
  });
  const check = (colours: readonly (readonly [string, number])[], dominant: string, pixels = plainPixels('#204080')) =>
    found(
      answerOf({ colours: colours.map(([hex, share]) => ({ hex, share })), dominant }, palette, { facts: { pixels } }),
    );
  test('right', () => {
    expect(check([['#204080', 1]], '#204080')).toEqual([]);
    expect(check([['#254585', 0.97]], '#214181')).toEqual([]);
  });
  test.each<[string, readonly (readonly [string, number])[], string, string]>([
    ['a colour that is not there', [['#204080', 0.7], ['#ff8000', 0.3]], '#204080', 'palette_in_pixels flag colours.1.hex'], // prettier-ignore
    ['a share that is not there', [['#204080', 0.3], ['#254585', 0.3]], '#204080', 'palette_in_pixels flag colours.0.hex'], // prettier-ignore
    ['shares beyond one', [['#204080', 0.9], ['#254585', 0.9]], '#204080', 'palette_shares flag colours'], // prettier-ignore
    ['a dominant one beside the list', [['#204080', 1]], '#204010', 'palette_dominant flag dominant'],
  ])('wrong: %s', (_, colours, dominant, expected) => expect(check(colours, dominant)).toContain(expected));
});

test('a palette is held against its own names, shares and twins', () => {
  const palette = defined({
    colours: {
      type: 'list',
      items: {
        type: 'object',
        fields: { hex: { type: 'hex-colour' }, name: { type: 'string' }, share: { type: 'number', maximum: 1 } },
      },
    },
    dominant: { type: 'hex-colour' },
  });
  const check = (colours: readonly (readonly [string, string, number])[], dominant: string) =>
    found(answerOf({ colours: colours.map(([hex, name, share]) => ({ hex, name, share })), dominant }, palette));
  const sky = ['#4070d0', 'sky blue', 0.7] as const;
  expect(check([sky, ['#202020', 'near-black', 0.2], ['#8a4a2a', 'rust', 0.1]], '#4070d0')).toEqual([]);
  expect(check([sky, ['#101010', 'white', 0.3]], '#4070d0')).toEqual(['colour_names flag colours.1.name']);
  expect(check([['#4070d0', 'dark red', 1]], '#4070d0')).toEqual(['colour_names flag colours.0.name']);
  expect(check([sky, ['#d04040', 'red', 0.1]], '#d04040')).toEqual(['palette_dominant flag dominant']);
  expect(check([sky, sky], '#4070d0')).toContain('palette_twins flag colours.1.hex');
});

test('ratings are held against the pixels', () => {
  const quality = defined({
    sharpness: { type: 'integer', maximum: 100 },
    contrast: { type: 'integer', maximum: 100 },
    verdict: { type: 'enum', values: ['good', 'acceptable', 'poor'] },
    issues: { type: 'list', items: { type: 'string' } },
  });
  const soft = { pixels: plainPixels('#808080', { range: 200, steepness: 0.1 }) };
  const check = (sharpness: number, contrast: number, verdict: string, issues: readonly string[], facts = {}) =>
    found(answerOf({ sharpness, contrast, verdict, issues }, quality, { facts }));
  expect(check(95, 90, 'good', [])).toEqual([]);
  expect(check(10, 50, 'poor', ['blurred'], soft)).toEqual([]);
  expect(check(95, 50, 'good', [], soft)).toEqual(['quality_matches_pixels flag sharpness']);
  expect(check(50, 95, 'acceptable', [], { pixels: plainPixels('#808080', { range: 20 }) })).toEqual([
    'quality_matches_pixels flag contrast',
  ]);
});

test('the exposure is held against the brightness of the pixels', () => {
  const quality = defined({ exposure: { type: 'enum', values: ['under', 'normal', 'over'] } });
  const check = (exposure: string, hex: string, range = 0) =>
    found(answerOf({ exposure }, quality, { facts: { pixels: plainPixels(hex, { range }) } }));
  expect(check('under', '#202020')).toEqual([]);
  expect(check('normal', '#808080')).toEqual([]);
  expect(check('over', '#f0f0f0')).toEqual([]);
  expect(check('normal', '#fafafa', 200)).toEqual([]);
  expect(check('normal', '#fafafa', 20)).toEqual(['exposure_matches_pixels flag exposure']);
  expect(check('over', '#202020')).toEqual(['exposure_matches_pixels flag exposure']);
  expect(check('under', '#f0f0f0')).toEqual(['exposure_matches_pixels flag exposure']);
});

describe('boxes beside the edges of the image', () => {
  // a dark rectangle from a quarter to the half of a bright image, and one further right
  const [width, height] = [200, 100];
  const isDark = (x: number, y: number) =>
    y >= 20 && y < 35 && ((x >= 50 && x < 100) || (x >= 140 && x < 160)) ? 40 : 220;
  const levels = Uint8Array.from({ length: width * height * 3 }, (_, n) => {
    const pixel = Math.floor(n / 3);
    return isDark(pixel % width, Math.floor(pixel / width));
  });
  const facts = { pixels: plainPixels('#808080', { picture: { levels, width, height } }) };
  const check = (boxes: readonly Corners[]) => found(answerOf(objects(boxes), detection, { facts, image }));

  test.each<[string, readonly Corners[]]>([
    ['thousandths', [[250, 200, 500, 350], [700, 200, 800, 350]]],
    ['y first', [[100, 250, 175, 500], [100, 700, 175, 800]]],
  ])('lie on them in another mode: %s', (_, boxes) => {
    expect(check(boxes)).toContain('box_on_edges reask objects.0.bbox_2d');
  }); // prettier-ignore

  test.each<[string, readonly Corners[]]>([
    ['as they stand', [[250, 100, 500, 175], [700, 100, 800, 175]]],
    ['in no mode', [[20, 300, 150, 480], [500, 10, 600, 90]]],
  ])('or %s', (_, boxes) => expect(check(boxes)).toEqual([])); // prettier-ignore
});
