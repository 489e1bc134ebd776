import type { Http } from '../activities/shared/http.ts';
import { createEmbeddedProvider } from '../activities/vision/embedded/index.ts';
import { createOllamaProvider } from '../activities/vision/ollama.ts';
import { createOpenAiProvider } from '../activities/vision/openai.ts';
import type { ProviderKind, VisionProvider } from '../activities/vision/provider.ts';
import type { Definitions } from '../config/definitions.ts';
import type { Config } from '../config/load.ts';

/** A server that says nothing for so long cannot work either. */
const healthTimeoutMs = 5_000;

type Provider = VisionProvider & { close?(): Promise<void> };

/** Who answers for each value of GF25_VISION_PROVIDER. */
export const visionProviders: Record<ProviderKind, (config: Config, http: Http) => Provider> = {
  ollama: (config, http) =>
    createOllamaProvider({ ...serverOf(config), contextTokens: config.settings.vision.contextTokens }, http),
  openai: (config, http) =>
    createOpenAiProvider({ ...serverOf(config), chatTemplate: config.settings.vision.chatTemplate }, http),
  embedded: ({ environment }) => createEmbeddedProvider({ threads: environment.GF25_LANES }),
};

const serverOf = ({ environment, settings: { vision } }: Config) => ({
  baseUrl: environment.GF25_VISION_URL,
  apiKey: environment.GF25_VISION_API_KEY,
  healthTimeoutMs,
  maxAnswerBytes: vision.maxAnswerBytes,
});

/** The models that definitions name, the most used one first. */
export function modelsOf({ bySlug }: Pick<Definitions, 'bySlug'>): readonly string[] {
  const uses = new Map<string, number>();
  for (const { model } of bySlug.values()) uses.set(model, (uses.get(model) ?? 0) + 1);
  return [...uses].sort(([, a], [, b]) => b - a).map(([model]) => model);
}
