import type { Random } from '../random.ts';
import type { Rectangle, Scene } from '../scene.ts';

/** Rows, columns, steps or a field of equal boxes: what a model writes that has stopped looking. */
export function gridOf({ width, height }: Scene, random: Random): Rectangle[] {
  const isStairs = random.chance(0.2);
  if (isStairs) {
    const count = random.int(6, 14);
    const side = { width: width * random.between(0.08, 0.2), height: height * random.between(0.08, 0.2) };
    const step = { x: (width - side.width) / count, y: (height - side.height) / count };
    return Array.from({ length: count }, (_, index) => ({ x: index * step.x, y: index * step.y, ...side }));
  }
  const [columns, rows] = random.pick([
    [random.int(6, 12), 1],
    [1, random.int(6, 10)],
    [random.int(3, 5), random.int(2, 4)],
  ] as const);
  const cell = { x: (width * 0.96) / columns, y: (height * 0.96) / rows };
  const size = { width: cell.x * random.between(0.5, 1), height: cell.y * random.between(0.5, 1) };
  return Array.from({ length: columns * rows }, (_, index) => ({
    x: width * 0.01 + (index % columns) * cell.x,
    y: height * 0.01 + Math.floor(index / columns) * cell.y,
    ...size,
  }));
}
