import type { ParsedAnswer, RuleTable } from '../types.ts';
import { boxDuplicates, boxInImage, boxMax, boxMin, boxOneForAll } from './boxes.ts';
import { coordMode } from './coord-mode.ts';
import { coordinateScale } from './coordinate-scale.ts';
import { colourNames } from './colour-names.ts';
import { countMatches } from './counts.ts';
import { boxOnEdges } from './edges.ts';
import { exposureMatchesPixels } from './exposure.ts';
import { boxGridSuspect } from './grid.ts';
import { confidenceSpread, labelSanity, labelVocabulary } from './labels.ts';
import { paletteDominant, paletteInPixels, paletteShares, paletteTwins } from './palette.ts';
import { qualityMatchesPixels } from './quality.ts';
import { fieldsAgree } from './relations.ts';
import { wholeTextMatches } from './whole-text.ts';

/** Stage 3: can it be true? Each rule looks at the fields of its kind, whatever the analysis. */
export const domainRules: RuleTable<ParsedAnswer, 'domain'> = {
  coord_mode: coordMode,
  coordinate_scale: coordinateScale,
  box_in_image: boxInImage,
  box_min: boxMin,
  box_max: boxMax,
  box_duplicates: boxDuplicates,
  box_one_for_all: boxOneForAll,
  box_grid_suspect: boxGridSuspect,
  box_on_edges: boxOnEdges,
  whole_text_matches: wholeTextMatches,
  count_matches: countMatches,
  fields_agree: fieldsAgree,
  confidence_spread: confidenceSpread,
  label_sanity: labelSanity,
  label_vocabulary: labelVocabulary,
  palette_in_pixels: paletteInPixels,
  palette_shares: paletteShares,
  palette_dominant: paletteDominant,
  palette_twins: paletteTwins,
  colour_names: colourNames,
  quality_matches_pixels: qualityMatchesPixels,
  exposure_matches_pixels: exposureMatchesPixels,
};
