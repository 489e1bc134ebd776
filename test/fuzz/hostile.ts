import fc from 'fast-check';
import { type JsonObject, places, put, type Shape } from '../../bench/qa/write.ts';

/** What makes a careless regular expression, a recursion or a copy expensive. Up to a megabyte. */
const pieces = [
  ...[
    'a',
    ' ',
    '\n',
    '\t',
    '{',
    '}',
    '[',
    '"',
    '\\',
    '\\"',
    '```',
    '```json\n',
    '<',
    '<<',
    '&',
    '#',
    '*',
    '.',
    ',',
    '-',
    '0',
    '1e',
  ],
  ...[
    'a ',
    'a a ',
    'ab ',
    '{"a":',
    '[{',
    '{}',
    '"a",',
    '\\u',
    '\\u0041',
    '/*',
    '//',
    '<a ',
    '<|',
    '</',
    '(((',
    'a.',
    '. ',
    '\u0000',
  ],
  ...[
    "I can't ",
    'as an AI ',
    'the the ',
    'N/A ',
    '\ud83d',
    '\u0301',
    '\u200b',
    '一',
    'ß',
    '\u202e',
    '\uffff',
    'x1 ',
    '=-',
    "'",
    '|',
  ],
];
const tails = ['', '!', 'x', '}', '"', ']', '\n', '{"a":1}', '\ud800'];

const hostileText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .record({
      piece: fc.constantFrom(...pieces),
      times: fc.oneof({ weight: 6, arbitrary: fc.nat(3_000) }, { weight: 1, arbitrary: fc.nat(1_000_000) }),
      head: fc.string({ unit: 'binary', maxLength: 12 }),
      tail: fc.constantFrom(...tails),
    })
    .map(({ piece, times, head, tail }) =>
      `${head}${piece.repeat(Math.min(times, Math.floor(maxLength / piece.length)))}${tail}`.slice(0, maxLength),
    );

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ maxLength: 300 }),
  fc.lorem({ mode: 'sentences', maxCount: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '\ud83d', '\udc00\ud800', ''),
);

const anyNumber = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 1e308, -1e308, Number.MIN_VALUE, 2 ** 53 + 2, 1e21, 0.1 + 0.2),
);

const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 4 }), anyText, anyNumber, hostileText(20_000));

/** Names that reach a prototype. Written as text: an object literal would not have them as properties. */
const prototypeText = fc
  .tuple(
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'),
    fc.jsonValue(),
  )
  .map(([name, value]) => `{"${name}": {"polluted": ${JSON.stringify(value)}}, "${name}": ${JSON.stringify(value)}`);

/** Up to 10,000 levels, closed or not. */
const nested = fc
  .tuple(
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"a":', '}]'], ['{"objects":[', ']}']),
    fc.oneof(fc.nat(10_000), fc.constant(10_000)),
    fc.boolean(),
  )
  .map(([[open = '', close = ''], depth, isClosed]) => `${open.repeat(depth)}1${isClosed ? close.repeat(depth) : ''}`);

const numberTexts = [
  '1e999',
  '-1e999',
  '1e-999',
  'NaN',
  'Infinity',
  '-0',
  '0x10',
  '01',
  '1_000',
  '9'.repeat(5_000),
  `0.${'3'.repeat(5_000)}`,
];

/** A right answer in the model's shape, and what it answers. */
export interface Seedling {
  readonly definition: Shape;
  readonly model: JsonObject;
}

/** The worst of each kind, so that every run has them. */
export function worstAnswers({ model }: Seedling): string[] {
  const deep = `${'['.repeat(10_000)}1${']'.repeat(10_000)}`;
  const [first = ''] = Object.keys(model);
  const withFirst = (value: string) => JSON.stringify({ ...model, [first]: 0 }).replace(':0', `:${value}`);
  return [
    ...[deep, withFirst(deep), `{"a":`.repeat(10_000), withFirst(`"${'a'.repeat(1_000_000)}"`), ' '.repeat(1_000_000)],
    ...[withFirst('1e999'), withFirst('"\\ud83d"'), `{"__proto__":{"polluted":1},${JSON.stringify(model).slice(1)}`],
  ];
}

/** Texts that a server might send in place of an answer. */
export function anyAnswer({ definition, model }: Seedling): fc.Arbitrary<string> {
  const right = JSON.stringify(model);
  const position = fc.nat(right.length);
  const changed = (insert: fc.Arbitrary<string>) =>
    fc
      .tuple(position, fc.nat(40), insert)
      .map(([at, gone, text]) => right.slice(0, at) + text + right.slice(at + gone));
  const count = places(definition, model).length;
  const withValue = (value: fc.Arbitrary<unknown>) =>
    fc.array(fc.tuple(fc.nat(count - 1), value), { minLength: 1, maxLength: 4 }).map((changes) => {
      const copy = structuredClone(model);
      for (const [index, other] of changes) {
        const place = places(definition, copy)[index];
        if (place) put(place, other as never);
      }
      return JSON.stringify(copy);
    });
  return fc.oneof(
    { weight: 6, arbitrary: anyText },
    { weight: 4, arbitrary: fc.json({ maxDepth: 5 }) },
    { weight: 8, arbitrary: changed(fc.oneof(anyText, fc.constantFrom(...numberTexts), prototypeText, nested)) },
    { weight: 8, arbitrary: withValue(anyValue) },
    { weight: 4, arbitrary: hostileText(200_000) },
    { weight: 1, arbitrary: hostileText(1_000_000) },
    { weight: 1, arbitrary: withValue(hostileText(1_000_000)) },
    { weight: 2, arbitrary: nested },
    { weight: 2, arbitrary: prototypeText },
    { weight: 2, arbitrary: prototypeText.map((text) => `${text}, ${right.slice(1)}`) },
  );
}
