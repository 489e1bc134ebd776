import type { CombinationResult, MediaResults, ProjectResults } from '../../../client/report/results.ts';
import type { Answer } from '../../../workflows/goflow/contracts/media.ts';

const verdicts = { structural: 'passed', content: 'passed', domain: 'passed' } as const;

export function sampleAnswer(analysisResult: Record<string, unknown>, change: Partial<Answer> = {}): Answer {
  return {
    stored: { modelUsed: 'a-model:7b', model: 'a-model', userPromptUsed: 'What do you see?', analysisResult },
    verdicts,
    provenance: {
      host: 'host-1',
      provider: 'ollama',
      model: 'a-model',
      serverVersion: '0.33.0',
      definitionVersion: 'object-detection@1',
      imageSha256: 'ab'.repeat(32),
      imageVariant: 'optimised',
      inferences: 2,
      waitedForLaneMs: 12,
      inferenceMs: 1_234,
      qaMs: 1,
      promptTokens: 1_000,
      outputTokens: 50,
      issues: [],
    },
    labels: {},
    ...change,
  };
}

type Combination = Omit<CombinationResult, 'analysis'> & { readonly name: string };

export function sampleMedia(filename: string, combinations: readonly Combination[]): MediaResults {
  return {
    media: { id: filename, filename, optimised_path: `/media/${filename}`, greyscale_path: `/media/grey/${filename}` },
    image: {
      variant: 'optimised',
      sha256: 'ab'.repeat(32),
      originalWidth: 800,
      originalHeight: 600,
      sentWidth: 784,
      sentHeight: 588,
    },
    combinations: combinations.map(({ name, ...result }) => ({ analysis: { id: name, slug: name, name }, ...result })),
  };
}

export function sampleResults(media: readonly MediaResults[], change: Partial<ProjectResults> = {}): ProjectResults {
  return {
    client: { id: 'c', slug: 'client', name: 'A client' },
    project: { id: 'p', slug: 'project', name: 'A project' },
    phase: 'holding',
    plannedAt: '2026-01-02T03:04:05.000Z',
    analyses: media[0]?.combinations.map(({ analysis }) => analysis) ?? [],
    media,
    ...change,
  };
}
