import type { Metadata } from 'sharp';

/** What is kept of an image beside it and out of the model's sight (G22). JSON, since the cache keeps it as such. */
export interface KeptMetadata {
  readonly format: string;
  /** Of EXIF, before it was applied. */
  readonly orientation?: number;
  readonly space: string;
  readonly channels: number;
  /** libvips' word for the bits of a channel: `uchar`, `ushort`. */
  readonly depth: string;
  readonly hasAlpha: boolean;
  readonly hasProfile: boolean;
  /** As the ICC profile calls itself; absent where it does not say. */
  readonly profileName?: string;
  /** The whole EXIF block in base64, unless it is very large. */
  readonly exif?: string;
  /** Pixels per inch. */
  readonly density?: number;
  /** What the decoder found wrong, but not with the pixels. */
  readonly tolerated?: string;
}

const maxExifBytes = 65_536;
const maxNameLength = 100;

export function keptMetadata(metadata: Metadata): KeptMetadata {
  const { format, orientation, space, channels, depth, hasAlpha, hasProfile, icc, exif, density } = metadata;
  const profileName = icc && profileNameOf(icc);
  return {
    ...{ format, space, channels, depth, hasAlpha, hasProfile },
    ...(orientation !== undefined && { orientation }),
    ...(profileName !== undefined && { profileName }),
    ...(exif && exif.length <= maxExifBytes && { exif: exif.toString('base64') }),
    ...(density !== undefined && { density }),
  };
}

/** The tag `desc` of an ICC profile: ASCII in version 2, UTF-16 in version 4 (ICC.1:2022, 9.2.41). */
function profileNameOf(icc: Buffer): string | undefined {
  try {
    const tags = icc.readUInt32BE(128);
    for (let at = 132; at < 132 + 12 * Math.min(tags, 100); at += 12) {
      if (icc.toString('latin1', at, at + 4) !== 'desc') continue;
      const tag = icc.subarray(icc.readUInt32BE(at + 4)).subarray(0, icc.readUInt32BE(at + 8));
      return cleaned(tag.toString('latin1', 0, 4) === 'mluc' ? unicodeText(tag) : asciiText(tag));
    }
  } catch {
    // a profile that is cut off has no name
  }
  return undefined;
}

const asciiText = (tag: Buffer) => tag.toString('latin1', 12, 12 + tag.readUInt32BE(8));

/** The first of its languages. */
function unicodeText(tag: Buffer): string {
  const start = tag.readUInt32BE(24);
  return Buffer.from(tag.subarray(start, start + (tag.readUInt32BE(20) & ~1)))
    .swap16()
    .toString('utf16le');
}

function cleaned(text: string): string | undefined {
  // names end with NUL, and a broken one may hold anything
  const name = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '').trim();
  return name === '' ? undefined : name.slice(0, maxNameLength);
}
