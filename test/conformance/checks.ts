import { answerChecks } from './answers.ts';
import type { Check } from './check.ts';
import { connectingChecks } from './connecting.ts';
import { endingChecks } from './endings.ts';
import { faultChecks } from './faults.ts';

/** Everything that is expected of a vision provider; each check gets a server of its own, or a real one. */
export const checks: readonly Check[] = [...answerChecks, ...connectingChecks, ...endingChecks, ...faultChecks];
