/** A colour that anybody would call by this name. */
export interface Colour {
  readonly name: string;
  readonly rgb: readonly [number, number, number];
}

export const colours: readonly Colour[] = [
  { name: 'red', rgb: [208, 32, 38] },
  { name: 'orange', rgb: [245, 130, 20] },
  { name: 'yellow', rgb: [250, 215, 30] },
  { name: 'green', rgb: [40, 150, 60] },
  { name: 'blue', rgb: [30, 90, 205] },
  { name: 'purple', rgb: [120, 45, 185] },
  { name: 'pink', rgb: [250, 130, 180] },
  { name: 'brown', rgb: [120, 72, 35] },
  { name: 'black', rgb: [18, 18, 20] },
  { name: 'white', rgb: [246, 246, 244] },
  { name: 'grey', rgb: [135, 135, 138] },
  { name: 'turquoise', rgb: [40, 190, 185] },
];

export const hexOf = (rgb: readonly number[]): string =>
  `#${rgb
    .map((value) =>
      Math.round(Math.min(255, Math.max(0, value)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

export const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));

export const brightness = ([red, green, blue]: Colour['rgb']): number => 0.299 * red + 0.587 * green + 0.114 * blue;
