import { COCO_LABELS } from './coco-labels.ts';
import type { DetectorRows } from './detector.ts';
import type { Letterbox } from './letterbox.ts';

/** x1, y1, x2, y2 in pixels of the sent image. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export interface Detection {
  readonly label: string;
  /** 0 to 1, a rank more than a probability. */
  readonly score: number;
  readonly box: Box;
}

/** In pixels, as sent. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface DetectionLimits {
  readonly minimumPersonScore: number;
  readonly minimumObjectScore: number;
  /** Two boxes of one label that share more than this part of their union are one object. */
  readonly maximumOverlap: number;
}

/**
 * Tuned on six photographs of groups indoors: true persons begin at 0.2, while cups and phones below 0.3 are mostly
 * sleeves and fingers.
 */
export const DEFAULT_LIMITS: DetectionLimits = {
  minimumPersonScore: 0.2,
  minimumObjectScore: 0.3,
  maximumOverlap: 0.5,
};

const VALUES_PER_ROW = 6;

/**
 * Turns the network's rows into detections in pixels of the image, best first. What the network draws beyond the image,
 * around people that its edge cuts, is cut off, and a box that lies on the letterbox's border alone is dropped.
 */
export function readDetections(
  rows: DetectorRows,
  letterbox: Letterbox,
  { width, height }: ImageSize,
  limits: DetectionLimits,
): Detection[] {
  const found: Detection[] = [];
  for (let start = 0; start + VALUES_PER_ROW <= rows.length; start += VALUES_PER_ROW) {
    const value = (offset: number) => rows[start + offset] ?? NaN;
    const score = value(4);
    const label = COCO_LABELS[value(5)];
    if (label === undefined || score < minimumScore(label, limits)) continue;
    const toX = (x: number) => within((x - letterbox.left) / letterbox.scaleX, width);
    const toY = (y: number) => within((y - letterbox.top) / letterbox.scaleY, height);
    const box: Box = [toX(value(0)), toY(value(1)), toX(value(2)), toY(value(3))];
    if (hasWholePixels(box)) found.push({ label, score, box });
  }
  return suppressDoubles(found, limits.maximumOverlap);
}

const within = (value: number, end: number) => Math.min(end, Math.max(0, value));

/** Boxes are told in whole pixels: one has to be left on each side. */
function hasWholePixels([x1, y1, x2, y2]: Box): boolean {
  return Math.round(x2) > Math.round(x1) && Math.round(y2) > Math.round(y1);
}

/** Non-maximum suppression per label: of boxes that overlap too much, the best stays. */
function suppressDoubles(found: readonly Detection[], maximumOverlap: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of found.toSorted((a, b) => b.score - a.score)) {
    const isDouble = kept.some((k) => k.label === candidate.label && overlap(k.box, candidate.box) > maximumOverlap);
    if (!isDouble) kept.push(candidate);
  }
  return kept;
}

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (area(a) + area(b) - width * height);
}

function area([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) * (y2 - y1);
}

function minimumScore(label: string, limits: DetectionLimits): number {
  return label === 'person' ? limits.minimumPersonScore : limits.minimumObjectScore;
}
