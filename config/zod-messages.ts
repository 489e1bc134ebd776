import { z } from 'zod';
import { nearest } from './nearest.ts';

/**
 * What zod says of a value, in words for whoever gave it; loaded for its effect, by all that show faults to people. zod
 * asks here for every message that a schema does not give itself.
 */
z.config({
  customError: (issue) => {
    // what is not there has no type to complain of
    if (issue.input === undefined && issue.code === 'invalid_type') return 'is missing';
    if (issue.input === undefined && issue.code === 'invalid_value')
      return `is missing: one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`;
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, keysOf(issue.inst));
    return undefined;
  },
});

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const named = keys.map((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? `"${key}"` : `"${key}" (did you mean "${meant}"?)`;
  });
  return `Unrecognized key${keys.length > 1 ? 's' : ''}: ${named.join(', ')}`;
}

const keysOf = (schema: unknown): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
