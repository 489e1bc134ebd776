import { boxFaults } from './boxes.ts';
import { contradictionFaults } from './contradictions.ts';
import { countFaults } from './counts.ts';
import { garbageFaults } from './garbage.ts';
import { pixelFaults } from './pixels.ts';
import { structureFaults } from './structure.ts';
import { textFaults } from './texts.ts';
import type { FaultTable } from './types.ts';
import { wordFaults } from './words.ts';

/** Every kind of fault by its name. */
export const faultKinds: FaultTable = {
  ...textFaults,
  ...structureFaults,
  ...wordFaults,
  ...garbageFaults,
  ...boxFaults,
  ...countFaults,
  ...pixelFaults,
  ...contradictionFaults,
};
