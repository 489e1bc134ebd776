/** Common things, as a detector names them. */
export const NOUNS = (
  'person bicycle car motorcycle bus train truck boat bench bird cat dog horse sheep cow backpack umbrella handbag ' +
  'suitcase frisbee kite skateboard surfboard bottle cup fork knife spoon bowl banana apple sandwich orange carrot ' +
  'pizza cake chair couch plant bed table laptop mouse keyboard phone oven toaster sink refrigerator book clock vase'
).split(' ');

export const COLOURS = 'red blue green yellow brown grey black white'.split(' ');

export const ADJECTIVES = (
  'red blue green yellow brown grey wooden metal plastic round narrow tall tiny bright dark striped plain shiny dusty ' +
  'weathered modern folded empty clean large'
).split(' ');

/** Between two things. */
export const RELATIONS = ['rests beside', 'stands near', 'leans against', 'lies next to', 'waits behind'];

export const LIGHTS = [
  'soft daylight falls on',
  'warm sunlight spreads along',
  'pale morning light settles over',
  'gentle shade covers most of',
  'cool evening glow reaches',
];

/** Some have a letter of more than one byte, so that ordinary answers exercise the split of UTF-8. */
export const PLACES = [
  'an old stone floor',
  'that quiet street',
  'some polished boards',
  'one café terrace',
  'its tiled façade',
  'an open courtyard',
  'this crêpe stand',
  'one busy market square',
];

export const ENDINGS = ['remains visible in front', 'appears partly hidden at left', 'can be seen further back'];
