import { buildJob, type Job } from '../../test/stand-ins/goflow/job.ts';
import type { DemoOptions } from './options.ts';
import { photographs } from './photographs.ts';

/** Where the GoFlow stand-in serves the photographs. */
export const photographPrefix = '/media/photographs/';

/** All of `config/analyses/`. The embedded detector knows the first five. */
export const demoAnalyses: readonly string[] = [
  ...['object-detection', 'people-count', 'colour-palette', 'image-quality', 'image-description'],
  ...['scene-classification', 'text-recognition', 'activity-recognition', 'main-subject', 'composition-analysis'],
  ...['lighting-analysis', 'weather', 'time-and-season', 'mood-analysis', 'background-analysis'],
  ...['animal-detection', 'vehicle-detection', 'food-recognition', 'plant-detection', 'interior-analysis'],
  ...['brand-detection', 'privacy-check', 'content-safety', 'keyword-tagging', 'alt-text'],
  ...['clothing-analysis', 'architecture-analysis', 'sign-detection', 'hazard-detection', 'damage-assessment'],
  ...['product-presentation', 'watermark-detection', 'orientation-check', 'document-type', 'image-medium'],
  ...['focus-analysis', 'object-inventory', 'protective-equipment'],
];

/**
 * The job that GoFlow will hand out: photographs, repeated under other ids when more are asked for, or for the stand-in
 * pictures that are drawn from their names.
 *
 * @param seed another one gives other ids
 */
export function buildDemoJob({ vision, images, analyses: count }: DemoOptions, seed: string): Job {
  const isDrawn = vision === 'stand-in';
  const photograph = (index: number) => photographs[index % photographs.length] ?? '';
  const photographPath = (index: number) => photographPrefix + photograph(index);
  const job = buildJob({
    images,
    analyses: count,
    seed,
    slugs: demoAnalyses,
    clientSlug: 'demo-client',
    projectSlug: isDrawn ? 'drawn-pictures' : 'photographs',
    ...(!isDrawn && { mediaPath: photographPath, greyscalePath: photographPath }),
  });
  return {
    ...job,
    client: { ...job.client, name: 'Demo client' },
    project: { ...job.project, name: isDrawn ? 'Drawn pictures' : 'Photographs' },
    media: job.media.map((media, index) => (isDrawn ? media : { ...media, filename: named(photograph(index), index) })),
    analyses: job.analyses.map((analysis) => ({ ...analysis, name: titled(analysis.slug) })),
  };
}

/** `sample1.jpg`, and from the second time round `sample1 (2).jpg`. */
function named(filename: string, index: number): string {
  const round = Math.floor(index / photographs.length) + 1;
  return round === 1 ? filename : filename.replace('.', ` (${round}).`);
}

const titled = (slug: string) => slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ');
