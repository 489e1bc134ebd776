import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Lab } from '../../vision/embedded/cielab.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { wordsOf } from '../words.ts';
import { coloursOf, labOfHex } from './palette.ts';

/** Middles of the hues, in degrees of CIELAB. */
const hues: Readonly<Record<string, number>> = {
  ...{ red: 35, orange: 65, yellow: 95, green: 140, turquoise: 195, teal: 195, cyan: 200, blue: 275 },
  ...{ navy: 285, purple: 310, violet: 312, magenta: 330, pink: 0 },
};
/** Weaker colours have no hue to speak of. */
const minChroma = 15;

const greys: Readonly<Record<string, (lab: Lab) => boolean>> = {
  black: ([lightness]) => lightness < 45,
  white: ([lightness]) => lightness > 65,
  grey: (lab) => chromaOf(lab) < 30,
  gray: (lab) => chromaOf(lab) < 30,
};

/** Names that say another colour than the hex code beside them. Only plain names are judged: who knows what "rust" is. */
export function colourNames(answer: ParsedAnswer, params: RuleParams['domain']['colour_names']): Fault[] {
  return coloursOf(answer).flatMap(({ path, hex, list }): Fault[] => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    const name = list && answer.texts.find((text) => text.path === `${parent}.name`);
    const said = name ? wordsOf(name.text).filter((word) => word in hues || word in greys) : [];
    const [word] = said;
    if (!name || word === undefined || said.length > 1) return [];
    return isCalled(labOfHex(hex), word, params.max_hue_degrees)
      ? []
      : [{ path: name.path, message: `${name.path}: ${hex} is not ${word}` }];
  });
}

function isCalled(lab: Lab, word: string, maxDegrees: number): boolean {
  const isGrey = greys[word];
  if (isGrey) return isGrey(lab);
  const hue = hues[word];
  if (hue === undefined || chromaOf(lab) < minChroma) {
    // a pale or dark shade may still be called by a hue; what is nearly black or white may be, too
    return true;
  }
  const own = (Math.atan2(lab[2], lab[1]) * 180) / Math.PI;
  const apart = Math.abs(((own - hue + 540) % 360) - 180);
  return apart <= maxDegrees;
}

const chromaOf = ([, a, b]: Lab) => Math.hypot(a, b);
