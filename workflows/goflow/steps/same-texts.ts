import type { Outcome } from '../contracts/media.ts';

/** The long texts of one accepted answer, as digests, and the image that they are about. */
export interface ToldTexts {
  readonly mediaId: string;
  readonly analysisId: string;
  readonly image: string;
  readonly texts: readonly string[];
}

/** One analysis that said the same of different images. */
export interface SameText {
  readonly analysisId: string;
  readonly mediaIds: readonly string[];
}

/** What an image's answers say at length; nothing of outcomes that an earlier release made. */
export const toldBy = (mediaId: string, outcomes: readonly Outcome[]): ToldTexts[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.state !== 'done' || !outcome.texts?.length || outcome.imageSha256 === undefined) return [];
    const { analysisId, texts, imageSha256 } = outcome;
    return [{ mediaId, analysisId, image: imageSha256.slice(0, 12), texts }];
  });

/**
 * A model that describes different images in the same long words has not looked at them. The same image twice in a
 * project may well be described alike. Pure; in the order in which answers came.
 */
export function sameTexts(told: readonly ToldTexts[]): SameText[] {
  const byText = new Map<string, ToldTexts[]>();
  for (const one of told) {
    for (const text of one.texts) {
      const key = `${one.analysisId} ${text}`;
      byText.set(key, [...(byText.get(key) ?? []), one]);
    }
  }
  const byAnalysis = new Map<string, Set<string>>();
  for (const alike of byText.values()) {
    if (new Set(alike.map(({ image }) => image)).size < 2) continue;
    for (const { analysisId, mediaId } of alike)
      byAnalysis.set(analysisId, (byAnalysis.get(analysisId) ?? new Set()).add(mediaId));
  }
  return [...byAnalysis].map(([analysisId, mediaIds]) => ({ analysisId, mediaIds: [...mediaIds] }));
}
