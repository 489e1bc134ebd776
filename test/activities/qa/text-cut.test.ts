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
  ])('%s', (text) => expect(isCut(text, { language: 'off' })).toBe(false));
});

test('is delivered in the end, as degraded', () => {
  const answer = answerOf({ summary: 'A brown dog sleeps on the' }, definition);
  expect(checkAnswer(answer, settings)).toMatchObject({ isGood: false, tolerable: {} });
});
