import { z } from 'zod';
import { type CoordinateMode, coordinateModeSchema } from '../workflows/goflow/contracts/analysis.ts';

/** One way for every model, or a table: the beginning of a model's name, and `other` for all that begin differently. */
export const coordinatesSchema = z.union(
  [coordinateModeSchema, z.object({ other: coordinateModeSchema }).catchall(coordinateModeSchema)],
  { error: `must be one of ${coordinateModeSchema.options.join(', ')}, or a table of them by model with "other"` },
);
export type Coordinates = z.infer<typeof coordinatesSchema>;

/**
 * How a model writes boxes. The longest beginning decides. Folder, case, hyphens and underscores do not count:
 * `Qwen/Qwen2.5-VL-7B-Instruct` and `qwen2.5vl:7b` are of one family.
 */
export function coordinatesOf(model: string, coordinates: Coordinates): CoordinateMode {
  if (typeof coordinates === 'string') return coordinates;
  const name = plain(model.slice(model.lastIndexOf('/') + 1));
  const [best] = Object.keys(coordinates)
    .filter((family) => name.startsWith(plain(family)))
    .sort((a, b) => plain(b).length - plain(a).length);
  return coordinates[best ?? 'other'] ?? coordinates.other;
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '');
