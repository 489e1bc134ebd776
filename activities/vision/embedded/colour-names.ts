import { labOf, squaredDistance, type Lab } from './cielab.ts';

/**
 * Examples of the basic colour names of English (Berlin and Kay) and of beige, without which skin and walls had none.
 * The name of a colour is the name of the nearest example, so each name has one for every kind of it.
 */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  black: ['#000000', '#161616', '#222222', '#1c1814', '#14161c', '#2a2024'],
  white: ['#ffffff', '#f0f0f0', '#f4f2ea', '#ecf0f4'],
  grey: ['#383838', '#484848', '#606060', '#808080', '#a0a0a0', '#c0c0c0', '#d4d4d4'],
  red: ['#ff0000', '#cc2222', '#b01020', '#800000', '#5a0c10', '#e04040', '#a03030'],
  orange: ['#ff8c00', '#ffa500', '#e87020', '#f4a050', '#cc7010'],
  yellow: ['#ffff00', '#ffd700', '#e8d040', '#f4e878', '#c8b020', '#fff0a0'],
  green: [
    '#00ff00',
    '#008000',
    '#006400',
    '#40a040',
    '#556b2f',
    '#90d080',
    '#2e8b57',
    '#1a3a20',
    '#808030',
    '#a8c8a0',
    '#607058',
  ],
  blue: ['#0000ff', '#2060d0', '#000080', '#101a40', '#87ceeb', '#40c0e0', '#00ffff', '#008080', '#406080', '#8ca0c8'],
  purple: ['#800080', '#8a2be2', '#5a3090', '#9070d0', '#30143c', '#c0a0e0', '#7c6c9c', '#a040a0', '#7070e0'],
  pink: ['#ffc0cb', '#ff69b4', '#ff00ff', '#e06090', '#f0a0b0', '#d8a0a8', '#c02070'],
  brown: [
    '#8b4513',
    '#654321',
    '#3c2414',
    '#2c1a12',
    '#7a5540',
    '#a0694a',
    '#5c4436',
    '#a52a2a',
    '#96704c',
    '#46382e',
    '#907464',
    '#6c5848',
  ],
  beige: ['#f5f5dc', '#d2b48c', '#e8d4b8', '#c8a888', '#f0dcc8', '#d8c8b0', '#b89c84', '#e0b898'],
};

const EXAMPLES_IN_LAB: readonly (readonly [name: string, lab: Lab])[] = Object.entries(EXAMPLES).flatMap(
  ([name, hexes]) => hexes.map((hex) => [name, labOfHex(hex)] as const),
);

/** The basic English name of a colour. */
export function colourName(lab: Lab): string {
  let best = { name: 'grey', distance: Infinity };
  for (const [name, example] of EXAMPLES_IN_LAB) {
    const distance = squaredDistance(lab, example);
    if (distance < best.distance) best = { name, distance };
  }
  return best.name;
}

function labOfHex(hex: string): Lab {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return labOf(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
}
