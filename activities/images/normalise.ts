import sharp, { type SharpOptions } from 'sharp';
import { Failure } from '../shared/failure.ts';
import { type KeptMetadata, keptMetadata } from './kept-metadata.ts';
import { type ImageSource, invalid, sniff } from './sniff.ts';

/** Limits of the contract (G21), in pixels after orientation; either orientation. */
const minLongSide = 640;
const minShortSide = 480;
const maxSide = 4096;
/** Above this a header is not believed, whatever it says: 4096 x 4096 with room for the message. */
const maxInputPixels = 50_000_000;
const limits = { limitInputPixels: maxInputPixels, limitInputChannels: 5, animated: false, sequentialRead: true };
const decodeTimeoutSeconds = 20;
const encoder = { quality: 90, chromaSubsampling: '4:4:4', mozjpeg: false } as const;

/** What the models of a site want to see: sides on the grid and an area that no engine resizes again. */
export interface Canon {
  readonly gridPixels: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** The one form in which all analyses of an image see it. Sizes in pixels. */
export interface CanonicalImage {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** Of the original after orientation: the frame of every box that leaves this program. */
  readonly originalWidth: number;
  readonly originalHeight: number;
  readonly metadata: KeptMetadata;
}

/** Everything but the file that decides about the canonical bytes. */
export const recipeOf = (canon: Canon) => [canon, encoder, sharp.versions.sharp, sharp.versions.vips] as const;

/**
 * Checks that a file is a whole JPEG, PNG or WebP within the limits, and writes it anew: oriented, sRGB, no alpha, no
 * metadata, on the grid. The full decode that this takes is what finds a truncated file; reading the header does not.
 * The bytes are the same on every machine with the same sharp.
 *
 * @throws {Failure} `ImageInvalid` with what is wrong
 */
export async function normalise(source: ImageSource, canon: Canon): Promise<CanonicalImage> {
  await sniff(source);
  try {
    return await decode(source, canon, 'warning');
  } catch (error) {
    // what is said to be wrong with nothing but the wrapping does not cost us the image
    const faults = linesOf(error instanceof Failure ? error.cause : error);
    const isHarmless = faults.length > 0 && faults.every((fault) => harmless.some((pattern) => pattern.test(fault)));
    if (!isHarmless) throw error;
    const image = await decode(source, canon, 'truncated');
    return { ...image, metadata: { ...image.metadata, tolerated: textOf(faults) } };
  }
}

async function decode(source: ImageSource, canon: Canon, failOn: SharpOptions['failOn']): Promise<CanonicalImage> {
  const input = sharp(source, { ...limits, failOn });
  const metadata = await input.metadata().catch((error: unknown) => {
    throw invalid(`the header cannot be read: ${textOf(linesOf(error))}`, error);
  });
  const { width: originalWidth, height: originalHeight } = metadata.autoOrient;
  checkSize(originalWidth, originalHeight);
  const size = sizeOnGrid(originalWidth, originalHeight, canon);
  const isDeepWithProfile = metadata.depth === 'ushort' && metadata.icc !== undefined;
  const bytes = await (isDeepWithProfile ? input.withIccProfile('srgb', { attach: false }) : input)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ ...size, fit: 'fill' })
    .jpeg(encoder)
    .timeout({ seconds: decodeTimeoutSeconds })
    .toBuffer()
    .catch((error: unknown) => {
      throw invalid(faultIn(linesOf(error)), error);
    });
  return { bytes, ...size, originalWidth, originalHeight, metadata: keptMetadata(metadata) };
}

/**
 * Warnings of libjpeg about files as some cameras write them; every pixel is there. Padding counts as harmless only
 * before the markers of a file's head: between scans it is what a damaged scan leaves behind.
 */
const harmless: readonly RegExp[] = [
  /^VipsJpeg: Invalid SOS parameters for sequential JPEG$/,
  /^VipsJpeg: Corrupt JPEG data: \d+ extraneous bytes before marker 0x(db|dd|c[012]|e[\da-f]|fe)$/,
];

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Scales the area into the canon's range and brings both sides to the grid: to the nearest step, or to the next one that
 * keeps the area in the range.
 */
export function sizeOnGrid(width: number, height: number, { gridPixels, minPixels, maxPixels }: Canon): Size {
  const area = width * height;
  const scale = Math.sqrt(Math.min(Math.max(area, minPixels), maxPixels) / area);
  const toGrid = (side: number, round: (value: number) => number) =>
    Math.max(gridPixels, round((side * scale) / gridPixels) * gridPixels);
  const nearest = { width: toGrid(width, Math.round), height: toGrid(height, Math.round) };
  const sent = nearest.width * nearest.height;
  if (minPixels <= sent && sent <= maxPixels) return nearest;
  const round = sent > maxPixels ? Math.floor : Math.ceil;
  return { width: toGrid(width, round), height: toGrid(height, round) };
}

function checkSize(width: number, height: number): void {
  const size = `${width} x ${height} pixels`;
  if (Math.max(width, height) > maxSide) throw invalid(`${size} is above ${maxSide} x ${maxSide}`);
  if (Math.max(width, height) < minLongSide || Math.min(width, height) < minShortSide)
    throw invalid(`${size} is below ${minLongSide} x ${minShortSide}`);
}

/** What the libraries said, without the words that sharp puts around it. */
function linesOf(error: unknown): string[] {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').map((line) => line.replace(/^Input (file|buffer) has corrupt header:/, '').trim());
  return [...new Set(lines)].filter((line) => line !== '' && !line.startsWith('Warning treated as error'));
}

/** Decoders' words for too little data, or other data than the format allows. */
const damaged =
  /libpng|libspng|read error|premature end|truncated|corrupt|unexpected end|end of (file|stream|data)|crc|checksum|huffman|marker|unable to decode|invalid/i;

/** For whoever is to mend it, with the decoder's words behind. */
function faultIn(lines: readonly string[]): string {
  const isDamaged = lines.some((line) => damaged.test(line));
  return `${isDamaged ? 'the file is damaged or cut off, it does not decode' : 'it does not decode'}: ${textOf(lines)}`;
}

const textOf = (lines: readonly string[]) => lines.join('; ').slice(0, 200) || 'it is corrupt';
