import { readTemporalTarget, type TemporalTarget } from '../../config/temporal.ts';
import { InvalidInputError } from '../operations/errors.ts';

/** Where Temporal is. @throws {InvalidInputError} a broken TOML file, a profile that is not in it */
export function readTarget(): TemporalTarget {
  try {
    return readTemporalTarget();
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(
      'the settings for Temporal cannot be read',
      [fault],
      'Check the TEMPORAL_* variables and the file that TEMPORAL_CONFIG_FILE names.',
    );
  }
}
