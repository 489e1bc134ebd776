/** A picture that is part of the page itself. Sizes in pixels as embedded. */
export interface Picture {
  readonly dataUri: string;
  readonly width: number;
  readonly height: number;
}

/** The longer side, so that a page of many images can still be opened and mailed. */
const sides = [
  { upTo: 8, side: 1_280 },
  { upTo: 60, side: 900 },
  { upTo: Infinity, side: 480 },
];
const quality = 76;

/** How large a picture may be on a page of so many. */
export const sideFor = (pictures: number) => sides.find(({ upTo }) => pictures <= upTo)?.side ?? 480;

/**
 * Brings an image into the page's size, oriented and without its metadata.
 *
 * @returns undefined for what cannot be decoded
 */
export async function embed(bytes: Buffer, side: number): Promise<Picture | undefined> {
  // a decoder of 20 MB, which only this verb of the CLI needs
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes)
      .rotate()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality })
      .toBuffer({ resolveWithObject: true });
    return { dataUri: `data:image/webp;base64,${data.toString('base64')}`, width: info.width, height: info.height };
  } catch {
    return undefined;
  }
}
