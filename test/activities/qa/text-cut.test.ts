import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { answerOf, defined, found, settings } from './answers.ts';

const definition = defined({ summary: { type: 'string', maxLength: 1200 } });
const isCut = (summary: string, qa = {}) =>
  found(answerOf({ summary }, { ...definition, qa })).some((issue) => issue.startsWith('text_cut'));

describe('a text that breaks off although the server said that it was whole', () => {
  test.each([
    'A brown dog sleeps on the',
    'A street with parked cars and',
    'A kitchen with a stove, a sink,',
    'On the table there are three things:',
    'The shop sign reads "Fresh bread and',
    'A red bicycle (with a basket on its front',
    'Two men in front of a house; the taller one is holding his',
    'A cup of',
    'Un chat dort sur le canapé (à gauche',
    '一只猫，在沙发上睡觉，',
    'A brown dog sleeps on the grass beside a',
    'A shelf behind a wall and a',
    'The lamp on the left is larger than',
    'A 24" monitor that shows "Fresh bread',
    'The sign reads "Closed. Please call again',
    'A man walks into',
    'The picture shows a',
    'A dog runs over a green meadow. Its tongue hangs out of its mouth. Behind it stands an old tre',
  ])('%s', (text) => expect(isCut(text, { language: 'off' })).toBe(true));
});

describe('a whole text', () => {
  test.each([
    'A brown dog on a blue sofa',
    'Photo of the town hall in the evening sun',
    'Nobody knows what the box is made of',
    'A bench to sit on',
    'A woman in a yellow raincoat waits at the stop the tram just came from',
    'The wood the box is made of',
    'A whiteboard with a diagram. Below it someone wrote "ship it"',
    'The lamp is switched on',
    'It is not clear where the smoke comes from',
    'A woman looks at what the child points at',
    'A monitor of 24"',
    'The sign reads "STOP"',
    'A poster (partly covered)',
    'A man says: „Guten Tag“',
    'A bottle of vitamin A',
    'Der Mann zieht seine warme Jacke an',
    'Ein rotes Fahrrad steht vor der Mauer neben dem kleinen Laden und der Junge schaut sich das alles an',
    '一只猫在沙发上睡觉',
    'แมวนอนอยู่บนโซฟา',
    'A cat, a dog, and so on…',
    'The street is empty. A cat sits on a wall',
    'She waits for the bus she came with',
    'A rating of A-',
    'Three of them; the fourth is gone :)',
    'The sign reads "Closed today. Please come back tomorrow" above the door of a small shop',
    'A metal plate on the gate reads "Private property. Keep out. Beware of the dog" in large red letters',
    'A note “Closed today. Please call again” on the door',
    'The plate says "Open (24 h" and hangs on a nail',
    'A house with the words »Zum Hirschen« above its door',
    'A board with "Exit 24" near the ramp',
    'A stone that commemorates Prof. Albert Heim and Capt. James Cook in gold letters, beside a narrow path',
    'A cardboard box the cat has crawled into',
    'The stick the dog is playing with',
    'The subject is brighter than the background is',
    'Two towers, one taller than the other is',
    "A child's wooden block with the letter a",
    'Binders on the left shelf, in row a',
    'A dog that has been lying there for a while',
    'A grey ½" copper pipe on a workbench',
    'A handwritten note with a sad face :(',
    'A balloon with a smile (:',
    'The old man and a friend of his',
    "A sketch of a hall in the manner of 'class a'",
    'The chair the man in the hat is sitting in',
  ])('%s', (text) => expect(isCut(text, { language: 'off' })).toBe(false));
});

test('is delivered in the end, as degraded', () => {
  const answer = answerOf({ summary: 'A brown dog sleeps on the' }, definition);
  expect(checkAnswer(answer, settings)).toMatchObject({ isGood: false, tolerable: {} });
});
