/** A rectangle by its edges, in pixels or whatever is said. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How a model of each mode would write a rectangle of the image that it was sent. Written out by hand, mode by mode, and
 * without the product's code: a bench that shared its arithmetic would agree with its mistakes.
 */
export const notations: Readonly<Record<string, (seen: Edges, sent: Size) => readonly number[]>> = {
  pixels: ({ left, top, right, bottom }) => [left, top, right, bottom],
  'pixels-yx': ({ left, top, right, bottom }) => [top, left, bottom, right],
  'pixels-size': ({ left, top, right, bottom }) => [left, top, right - left, bottom - top],
  'pixels-yx-size': ({ left, top, right, bottom }) => [top, left, bottom - top, right - left],
  rel1000: (seen, { width, height }) => [
    (1000 * seen.left) / width,
    (1000 * seen.top) / height,
    (1000 * seen.right) / width,
    (1000 * seen.bottom) / height,
  ],
  'rel1000-yx': (seen, { width, height }) => [
    (1000 * seen.top) / height,
    (1000 * seen.left) / width,
    (1000 * seen.bottom) / height,
    (1000 * seen.right) / width,
  ],
  'rel1000-size': (seen, { width, height }) => [
    (1000 * seen.left) / width,
    (1000 * seen.top) / height,
    (1000 * (seen.right - seen.left)) / width,
    (1000 * (seen.bottom - seen.top)) / height,
  ],
  'rel1000-yx-size': (seen, { width, height }) => [
    (1000 * seen.top) / height,
    (1000 * seen.left) / width,
    (1000 * (seen.bottom - seen.top)) / height,
    (1000 * (seen.right - seen.left)) / width,
  ],
  // the server lays the image into the middle of a square before the model looks
  'rel1000-yx-square': (seen, { width, height }) => {
    const side = width > height ? width : height;
    const barLeft = width < side ? (side - width) / 2 : 0;
    const barAbove = height < side ? (side - height) / 2 : 0;
    return [
      (1000 * (barAbove + seen.top)) / side,
      (1000 * (barLeft + seen.left)) / side,
      (1000 * (barAbove + seen.bottom)) / side,
      (1000 * (barLeft + seen.right)) / side,
    ];
  },
  rel1: (seen, { width, height }) => [seen.left / width, seen.top / height, seen.right / width, seen.bottom / height],
  'rel1-yx': (seen, { width, height }) => [
    seen.top / height,
    seen.left / width,
    seen.bottom / height,
    seen.right / width,
  ],
  'rel1-size': (seen, { width, height }) => [
    seen.left / width,
    seen.top / height,
    (seen.right - seen.left) / width,
    (seen.bottom - seen.top) / height,
  ],
  'rel1-yx-size': (seen, { width, height }) => [
    seen.top / height,
    seen.left / width,
    (seen.bottom - seen.top) / height,
    (seen.right - seen.left) / width,
  ],
};

/** As models write: whole numbers, and fractions with three digits. */
export const asWritten = (mode: string, numbers: readonly number[]) =>
  numbers.map((number) =>
    mode === 'rel1' || mode.startsWith('rel1-') ? Math.round(number * 1000) / 1000 : Math.round(number),
  );
