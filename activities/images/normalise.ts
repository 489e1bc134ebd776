import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { Failure } from '../shared/failure.ts';

/** Limits of the contract (G21), in pixels after orientation; either orientation. */
const minLongSide = 640;
const minShortSide = 480;
const maxSide = 4096;
/** Above this a header is not believed, whatever it says: 4096 x 4096 with room for the message. */
const maxInputPixels = 50_000_000;
const decodeTimeoutSeconds = 20;

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
  /** Kept beside the image and out of the model's sight (G22). */
  readonly metadata: {
    readonly format: string;
    readonly orientation?: number;
    readonly space: string;
    readonly hasProfile: boolean;
  };
}

/**
 * Checks that a file is a whole JPEG, PNG or WebP within the limits, and writes it anew: oriented, sRGB, no alpha, no
 * metadata, on the grid. The full decode that this takes is what finds a truncated file; reading the header does not.
 *
 * @throws {Failure} `ImageInvalid` with what is wrong
 */
export async function normalise(file: string, canon: Canon): Promise<CanonicalImage> {
  await sniff(file);
  const input = sharp(file, { limitInputPixels: maxInputPixels, failOn: 'warning', animated: false });
  const metadata = await input.metadata().catch((error: unknown) => {
    throw invalid(`the header cannot be read: ${reasonOf(error)}`);
  });
  const { width: originalWidth, height: originalHeight } = metadata.autoOrient;
  checkSize(originalWidth, originalHeight);
  const size = sizeOnGrid(originalWidth, originalHeight, canon);
  const bytes = await input
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ ...size, fit: 'fill' })
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4', mozjpeg: false })
    .timeout({ seconds: decodeTimeoutSeconds })
    .toBuffer()
    .catch((error: unknown) => {
      throw invalid(`it does not decode: ${reasonOf(error)}`);
    });
  const { format, orientation, space, hasProfile } = metadata;
  const kept = { format, hasProfile, space, ...(orientation !== undefined && { orientation }) };
  return { bytes, ...size, originalWidth, originalHeight, metadata: kept };
}

/**
 * Scales the area into the canon's range and brings both sides to the grid: to the nearest step, or to the next one that
 * keeps the area in the range.
 */
export function sizeOnGrid(width: number, height: number, { gridPixels, minPixels, maxPixels }: Canon) {
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

/** By content and not by name (G20), before a decoder sees the file. */
async function sniff(file: string): Promise<void> {
  const handle = await open(file, 'r');
  const head = Buffer.alloc(64);
  try {
    await handle.read(head, 0, head.length, 0);
  } finally {
    await handle.close();
  }
  const isJpeg = head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
  const isPng = head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const isWebp = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
  if (isJpeg || isPng || isWebp) return;
  const looksLikeHtml = /^\s*(<!doctype|<html|<\?xml|\{|\[)/i.test(head.toString('latin1'));
  throw invalid(looksLikeHtml ? 'it is a text or web page, not an image' : 'it is not a JPEG, PNG or WebP image');
}

const invalid = (why: string) => new Failure('ImageInvalid', `the image cannot be used: ${why}`);
const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
