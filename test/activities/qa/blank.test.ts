import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { imageFacts } from '../../../activities/qa/image-facts.ts';
import { photograph } from '../vision/embedded/pictures.ts';
import { answerOf, defined, found, image, plainPixels } from './answers.ts';

const definition = defined({ image_description: { type: 'string', minLength: 10, maxLength: 1200 } });
const busy = {
  pixels: plainPixels('#808080', {
    ...{ range: 200, steepness: 0.5, colourfulness: 90 },
    colours: ['#205080', '#e0e0e0', '#804020'].flatMap((hex) =>
      plainPixels(hex).colours.map((colour) => ({ ...colour, share: 1 / 3 })),
    ),
  }),
};
const objections = (text: string, facts: object = busy) =>
  found(answerOf({ image_description: text }, definition, { facts }))
    .map((line) => line.split(' ')[0])
    .filter((rule) => rule === 'blank_image' || rule === 'refusal');

test.each([
  'The image is completely black.',
  'The image appears to be blank.',
  'The image appears to be entirely white, with no visible content.',
  'The provided image seems to be completely dark, so nothing can be identified.',
  'The picture shows a solid black background with nothing on it.',
  'This is a blank image with no discernible objects.',
  'A plain white image without any objects in it.',
  'The image contains nothing but a uniform gray area.',
  'The photo is empty and shows nothing.',
  'No visual content can be seen in this image.',
  'Nothing is visible in the image.',
  'The photograph shows nothing at all.',
])('not said of an image that shows something: %s', (text) => {
  expect(objections(text)).toEqual(['blank_image']);
  expect(objections(text, { pixels: plainPixels('#000000') })).toEqual([]);
  // nobody knows
  expect(objections(text, {})).toEqual([]);
});

test.each([
  'I cannot see any image in our conversation.',
  'No image is visible in the message.',
  'No image is available.',
  'The image did not load, so nothing can be described.',
  'The image has not been provided yet.',
  'The image file appears to be corrupted or missing.',
  'I am not seeing any picture here.',
])('not said of any image: %s', (text) => {
  expect(objections(text, { pixels: plainPixels('#000000') })).toEqual(['refusal']);
});

test.each([
  'It is a black and white photo of a street in the rain.',
  'The image is entirely black and white, and shows an old tram.',
  'The image is almost completely dark; only two lamps are lit.',
  'A blank canvas stands on an easel in a bright studio.',
  'An empty picture frame hangs above the sofa.',
  'The street in the image is empty of people.',
  'A man holds a blank sheet of paper before a white wall.',
  'The photo shows a red shoe on a plain white background.',
  'The television is switched off and its screen is completely black.',
  'No image is shown on the screen of the phone that lies there.',
  'The image is dark, with a single candle in its centre.',
  'The picture shows nothing unusual: a kitchen with a table.',
  'The background is completely white and evenly lit.',
  'The image is completely black in its lower half, where the ground lies.',
])('may be said: %s', (text) => {
  expect(objections(text)).toEqual([]);
});

describe('by the pixels', () => {
  const drawn = async (picture: Sharp) => {
    const bytes = await picture.jpeg({ quality: 90 }).toBuffer();
    return imageFacts({ ...image, bytes });
  };
  const plain = (background: string) => sharp({ create: { width: 640, height: 480, channels: 3, background } });
  const blank = 'The image is completely blank.';

  test.each(['#000000', '#ffffff', '#7f8a70'])('an image all of %s may be called blank', async (background) => {
    expect(objections(blank, await drawn(plain(background)))).toEqual([]);
  });

  test('so may one with a speck of dust', async () => {
    const speck = Buffer.from('<svg width="640" height="480"><circle cx="9" cy="9" r="5" fill="#333"/></svg>');
    expect(objections(blank, await drawn(plain('#ffffff').composite([{ input: speck }])))).toEqual([]);
  });

  test.each([1, 4, 6] as const)('photograph %i may not', async (number) => {
    expect(objections(blank, await imageFacts(await photograph(number)))).toEqual(['blank_image']);
  });
});
