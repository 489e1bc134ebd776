import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { answerOf, defined, found, plainPixels, settings } from './answers.ts';

const definition = defined({
  summary: { type: 'string', maxLength: 2000, describe: 'what you see that matters' },
  findings: { type: 'list', items: { type: 'string' } },
  text: { type: 'string', maxLength: 2000 },
  note: { type: 'string', describe: 'a remark, empty if there is none' },
  name: { type: 'string' },
});
const good = {
  summary: 'A red bicycle leans against a brick wall beside a small café in the late afternoon sun.',
  findings: ['the front wheel is missing', 'the wall is wet'],
  text: 'CAFÉ',
  note: '',
  name: 'bicycle',
};
const prompt = `Analysis: Street furniture (street-furniture).

Examine the image for this analysis and report what you see, but mind the parts that are hidden behind other things.

Answer as JSON with these fields:
- "summary": text: what you see that matters`;

const issues = (answer: object, more: Parameters<typeof answerOf>[2] = {}) =>
  found(answerOf({ ...good, ...answer }, definition, { prompt, ...more }));

/** Field, what stands in it. */
type Texts = readonly (readonly [keyof typeof good, string | readonly string[]])[];

const wrong: Record<string, Texts> = {
  'non_empty reask': [
    ['summary', ''],
    ['summary', ' ... '],
    ['name', '-'],
  ],
  'placeholder reask-fresh': [
    ['summary', 'Lorem ipsum dolor sit amet, consectetur adipiscing elit.'],
    ...[
      'string',
      ' String ',
      'N/A',
      'na',
      'Your description here',
      'example text',
      'TBD',
      '<description>',
      '[name]',
    ].map((text) => ['summary', text] as const),
    ...['object1', 'label_2', 'item A', 'placeholder', 'xxx', 'foo'].map((text) => ['name', text] as const),
    ['summary', 'Description of the image'],
    ...[
      'The caption goes here',
      'field_value',
      'To be filled in later',
      'No information available',
      'A sample sentence.',
    ].map((text) => ['summary', text] as const),
    ...['obj_4', 'cls 7', 'region 2'].map((text) => ['name', text] as const),
  ],
  'schema_echo reask-fresh': [
    ['summary', 'what you see that matters'],
    ['summary', 'Summary'],
    ['name', 'name'],
    ['summary', 'name'],
  ],
  'refusal reask-fresh': [
    ...[
      "I can't help with that.",
      'I’m sorry, but I can’t assist with that request.',
      'Unfortunately I cannot identify people.',
      'i am unable to see the image',
      'As an AI I do not see images.',
      'I cannot see the image you are referring to.',
      'Es tut mir leid, aber ich kann dieses Bild nicht beschreiben.',
      'Je suis désolé, mais je ne peux pas analyser cette image.',
      'Lo siento, no puedo ayudar con esta imagen.',
      '抱歉，我无法识别这张图片。',
      'No image was provided.',
      'I am not authorised to comment on photographs of people.',
      'The attached file seems to be missing.',
      'This picture cannot be described because of its content.',
      'Judging persons is outside my capabilities.',
      'It is not possible for me to look at pictures.',
      'I would have to decline.',
    ].map((text) => ['summary', text] as const),
    ['text', "I'm sorry, but I can't read this."],
    ['text', 'I am unable to transcribe the text.'],
    ['text', 'No readable text is visible.'],
  ],
  'prompt_echo reask-fresh': [
    ['summary', 'Examine the image for this analysis and report what you see.'],
    [
      'summary',
      'Sure! Examine the image for this analysis and report what you see, but mind the parts, says a red sign on a wall.',
    ],
  ],
  'chatter reask-fresh': [
    ['summary', 'Sure! A red bicycle leans against a wall.'],
    ['summary', 'A red bicycle leans against a wall. I hope this helps!'],
    ['summary', 'The user wants me to describe the image. A red bicycle.'],
    ...[
      'Let me first look at the bicycle.',
      'I have filled all of the required fields.',
      'The scores above are rough and must be checked by a human.',
      'Thank you for sharing the picture.',
      'In my analysis the bicycle is red.',
      'Below you can find what you asked for.',
      'The result as valid JSON: a red bicycle.',
    ].map((text) => ['summary', text] as const),
  ],
  'self_reference reask-fresh': [
    ['summary', 'I would love to, but my hands are tied.'],
    ['summary', 'Feel free to come back with another one, and please mind its size.'],
    ['summary', 'So sadly, this answer will be short.'],
    ['summary', 'A red bicycle leans against a wall. Your request has been completely blocked.'],
  ],
  'text_cut reask-fresh': [
    ['summary', 'A wall of old red bricks with a door. A gate, 12 windows, '.repeat(40).slice(0, 1999)],
  ],
  'gibberish reask-fresh': [
    ['summary', 'A jxkpgl svbw pl g plaip vsowl bnfwrfouhd. Tze szgk rwqsg kbd xqv. Tbz lvgxb qv evrb.'],
    ['summary', 'Thr rld bcyclf lfnt gnst tha wll.'],
    ['text', 'hmjkgbwvfwxldchpmvgzgfq'],
    ['summary', 'T h e   r e d   b i c y c l e   l e a n s   a g a i n s t   a   w a l l'],
  ],
  'repetition reask-fresh': [
    ['summary', `A wall. ${[1, 2, 3, 4, 5].map((n) => `There is another object number ${n}.`).join(' ')}`],
    ['summary', Array.from({ length: 12 }, () => 'the image shows a red car').join(' ')],
    ['summary', 'A car car car car car stands in the street.'],
    ['summary', 'A red car stands in the wide street. There is a tree. A red car stands in the wide street.'],
    ['summary', `A dog runs over the grass ${'and '.repeat(9)}`],
    ['summary', `A house ${'la'.repeat(40)}`],
    ['text', 'SALE '.repeat(60)],
    ['text', 'NO ENTRY '.repeat(18)],
    ['text', '0'.repeat(30)],
  ],
  'language reask': [
    ['summary', 'Ein rotes Fahrrad lehnt an einer Mauer neben einem kleinen Laden in der späten Sonne.'],
    ['summary', 'Un vélo rouge est appuyé contre un mur de briques à côté du petit magasin.'],
    ['summary', '一辆红色自行车靠在砖墙上。'],
    ['name', 'велосипед'],
    ['name', '人'],
    ['summary', 'A red bicycle leans 背景是 against a brick wall.'],
  ],
  'markup reask': [
    ['summary', '| Item | Text |\n|---|---|\n| 1 | A wall |'],
    ['summary', '<p>A red bicycle leans against a wall.</p>'],
    ['summary', '```json A red bicycle leans against a wall.```'],
    ['summary', 'A red bicycle leans against a wall.<|im_end|>'],
    ['summary', '[INST] A red bicycle leans against a wall. [/INST]'],
    ['summary', 'assistant: A red bicycle leans against a wall.'],
    ['summary', 'A **red** bicycle leans against a wall.'],
    ['summary', 'A red bicycle.\\nIt leans against a wall.'],
    ['summary', '{"summary": "A red bicycle leans against a wall."}'],
    ['text', 'OPEN</s>'],
    ...[
      '<|turn>model',
      '<tool_call>',
      '[PAD]',
      '<bos>',
      '### Response:',
      '<seg_012>',
      '<fim_middle>',
      'ASSISTANT:',
    ].map((left) => ['summary', `A red bicycle leans ${left} against a wall.`] as const),
  ],
  'text_sanity reask': [
    ['summary', 'A red caf\uFFFD stands beside the wall.'],
    ['summary', 'A red cafÃ© stands beside the wall.'],
    ['summary', 'A red bicycle \udc00 leans against a wall.'],
    ['summary', '57949 42217 5000 6125 26227 58444 1694 14261'],
    ['summary', `A red bicycle.${'- '.repeat(40)}`],
    ['text', '|||---===***///~~~###'],
  ],
};

describe.each(Object.entries(wrong))('%s', (rule, texts) => {
  test.each(texts)('%s: %j', (field, text) => {
    expect(issues({ [field]: text })).toContain(`${rule} ${field}`);
  });
});

const right: Texts = [
  ['summary', 'I count three bicycles, and on your left you can see a fourth one. You are looking down a street.'],
  [
    'summary',
    'A mug says I need coffee, and a note: please feed my cat. King George I hangs above, My Little Pony below.',
  ],
  ['summary', 'In my view the plate is too small. The answer sheet was filled in by hand.'],
  ['summary', 'The user of a camera would call it flat. A JSON file is open on the screen, with an Ω above it.'],
  ['summary', 'A shop sign with the Chinese characters "出口" (出口) above the door.'],
  ['summary', 'No text'],
  ['summary', 'None'],
  ['summary', 'A plain blue area.'],
  ['summary', 'The sign says "cannot enter" and "I\'m sorry", in red letters.'],
  ['summary', "I can't see any people in the picture."],
  ['summary', 'I cannot make out the number plate of the car.'],
  ['summary', 'A wide room with two people, an air conditioner and an example of art nouveau'],
  ['summary', 'A string instrument lies on a chair here.'],
  ['summary', 'Nairobi at night: 3 < 4 cars & a bus, at about 50 % of the width.'],
  ['summary', 'A very, very long queue of people; left to right: a man, a woman, a man, a woman, a child.'],
  ['summary', 'The Musée d’Orsay with a banner "Aujourd\'hui entrée libre pour tous les visiteurs" above the door.'],
  ['summary', 'A bowl of spaghetti carbonara and a bottle of Châteauneuf-du-Pape on a table in a trattoria.'],
  ['findings', []],
  ['text', ''],
  ['text', 'N/A'],
  ['text', 'EXIT EXIT EXIT EXIT EXIT'],
  ['text', 'Ausgang Notausgang Bitte die Tür geschlossen halten, Zutritt verboten'],
  ['text', '出口 EXIT 非常口'],
  ['text', '€ 4,99 | $ 3.50'],
  ['text', '0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0'],
  ['text', '<b>HTML</b> is on the screen'],
  ['text', 'SORRY WE ARE CLOSED'],
  ['text', "I CAN'T STOP LOVING YOU"],
  ['text', 'Coffee ........................................ 2.50'],
  ['text', 'SN: 4CE0460D0G, P/N XKQ-7714-BRTL'],
  ['text', 'const next = list |> first; vector<size_t> sizes;'],
  ['findings', ['no text on the sign', 'the picture frame is empty']],
  ['summary', 'A screenshot of a form with three fields that are filled with names and numbers.'],
  ['summary', 'Faces are blurred for privacy reasons. The numbers below the windows are house numbers.'],
  ['summary', 'A man is not permitted to pass: the gate is closed, and the guard does not let him in.'],
  ['summary', 'Nothing is missing from the rack. The question whether it is new cannot be answered.'],
  ['name', 'text'],
  ['name', 'Crêperie Bretonne'],
];

describe('is right', () => {
  test.each(right)('%s: %j', (field, text) => expect(issues({ [field]: text })).toEqual([]));
});

test('items that say the same thing again are taken out', () => {
  const findings = ['a crack in the wall', 'the door is open', 'A crack in the wall.', 'a crack in the wall'];
  expect(issues({ findings })).toEqual(['repeated_items filter findings.2', 'repeated_items filter findings.3']);
});

test('a field is not filled with what it is for, or with how that begins', () => {
  const about = defined({
    scene: { type: 'string', describe: 'the kind of place in a few words' },
    causes: { type: 'list', describe: 'what in the image conveys it', items: { type: 'string' } },
  });
  const check = (scene: string, ...causes: string[]) => found(answerOf({ scene, causes }, about));
  for (const scene of ['The kind of place in a few words.', 'kind of place', 'the kind of place'])
    expect(check(scene)).toEqual(['schema_echo reask-fresh scene']);
  expect(check('beach', 'smiles', 'what in the image conveys it')).toEqual(['schema_echo reask-fresh causes.1']);
  expect(check('a place in the woods', 'the kind words on a card', 'image')).toEqual([]);
});

describe('a refusal', () => {
  const described = defined({ image_description: { type: 'string', maxLength: 1200 } });
  const isTolerable = (answer: object, about = definition) =>
    'tolerable' in checkAnswer(answerOf(answer, about, { prompt }), settings);
  const wall = 'Six framed photographs hang on a white wall, and a label stands beside each of them.';

  test.each<[string, object, typeof definition]>([
    ['a sentence among others', { image_description: `${wall} I skip the picture of the cat.` }, described],
    ['one field of many', { ...good, findings: [...good.findings, 'I skip the picture of the cat'] }, definition],
  ])('that is %s may be lived with', (_, answer, about) => expect(isTolerable(answer, about)).toBe(true));

  test.each<[string, object, typeof definition]>([
    ['the whole text', { image_description: "I'm sorry, but I can't help with that." }, described],
    [
      'the whole text, with its reasons',
      {
        image_description:
          "I'm sorry, but I can't describe this. The people in it have a right to privacy. A picture of a landscape or " +
          'a building would be another matter, and there are many such pictures on the internet.',
      },
      described,
    ],
    ['the end of what says little', { image_description: 'A wall of a room. I decline to say more of it.' }, described],
    ['all there is but names', { ...good, summary: `I must decline. ${wall}`, findings: [] }, definition],
  ])('that is %s may not', (_, answer, about) => expect(isTolerable(answer, about)).toBe(false));
});

test('"none" is an item where it is one of the choices', () => {
  const kinds = defined({ kinds: { type: 'list', items: { type: 'enum', values: ['none', 'other'] } } });
  expect(found(answerOf({ kinds: ['none'] }, kinds))).toEqual([]);
});

test('an item that says that there is none is left out', () => {
  const findings = ['None', 'the door is open', 'no issues found', 'N/A'];
  expect(issues({ findings })).toEqual([0, 2, 3].map((n) => `empty_items filter findings.${n}`));
});

test.each(['N/A', 'n/a.', 'NA', 'None', 'unknown', 'not applicable'])(
  '%s may stand where there may be none',
  (text) => {
    const check = (describe: string) =>
      found(answerOf({ style: text }, defined({ style: { type: 'string', describe } })));
    expect(check('of the building, or "none"')).toEqual([]);
    expect(check('of the building')).toEqual(/n\W?a\b/i.test(text) ? ['placeholder reask-fresh style'] : []);
  },
);

test('a list that would be left too short is asked again', () => {
  const tags = defined({ keywords: { type: 'list', minItems: 3, items: { type: 'string' } } });
  const check = (...keywords: string[]) => found(answerOf({ keywords }, tags));
  expect(check('tree', 'sky', 'meadow', 'Tree')).toEqual(['repeated_items filter keywords.3']);
  expect(check('tree', 'sky', 'tree')).toEqual(['repeated_items reask keywords']);
});

test('what a field holds follows from its name, or from what its definition says', () => {
  const french = 'Le vélo rouge est appuyé contre le mur de la maison de mon oncle.';
  const check = (name: string, describe = 'what you see') =>
    found(answerOf({ [name]: french }, defined({ [name]: { type: 'string', describe } })));
  for (const name of ['text', 'full_text', 'sign_text', 'plate', 'headline']) expect(check(name)).toEqual([]);
  expect(check('title', 'as it stands there')).toEqual([]);
  for (const name of ['title', 'alt_text', 'description']) expect(check(name)).toEqual([`language reask ${name}`]);
});

test('short texts are judged by their language together', () => {
  const findings = ['das Vorderrad fehlt', 'die Mauer ist nass', 'der Sattel ist hoch'];
  expect(issues({ summary: 'Ein rotes Fahrrad', findings })).toEqual(['language reask']);
});

test('colours are doubted in a greyscale image only', () => {
  expect(issues({}, { facts: { pixels: plainPixels('#808080') } })).toEqual(['grey_colour_words flag summary']);
  expect(issues({}, { facts: { pixels: plainPixels('#c04040') } })).toEqual([]);
  expect(
    issues({ summary: 'A black and white photo of a dog.' }, { facts: { pixels: plainPixels('#808080') } }),
  ).toEqual([]);
});
