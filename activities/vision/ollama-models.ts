import type { Ollama } from 'ollama';
import { z } from 'zod';
import { type ModelFacts, VisionError } from './provider.ts';
import { visionError } from './server-errors.ts';

const capabilitiesSchema = z.array(z.string()).optional().catch(undefined);
const listSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      digest: z.string().optional().catch(undefined),
      /** Since August 2026; before, only /api/show tells. */
      capabilities: capabilitiesSchema,
    }),
  ),
});
const shownSchema = z.object({ capabilities: capabilitiesSchema });

/**
 * The list has digests, /api/show knows every way to write a name: only what it denies is missing.
 *
 * @throws {VisionError} `model-missing`, `not-supported`
 */
export async function checkOllamaModel(client: Ollama, model: string): Promise<ModelFacts> {
  const list = listSchema.safeParse(await untold(client.list())).data?.models ?? [];
  const listed = list.find(({ name }) => name === model || name === `${model}:latest`);
  const capabilities =
    listed?.capabilities ?? shownSchema.safeParse(await untold(client.show({ model }))).data?.capabilities;
  if (capabilities && !capabilities.includes('vision')) throw cannotSee(model, list);
  return listed?.digest === undefined ? {} : { digest: listed.digest };
}

/** A server behind a proxy, or an old one, may not have these addresses: it does not tell. */
async function untold(question: Promise<unknown>): Promise<unknown> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof VisionError && error.status === 404 && error.kind === 'protocol') return undefined;
    throw error;
  }
}

function cannotSee(model: string, list: z.infer<typeof listSchema>['models']): VisionError {
  const seeing = list.filter(({ capabilities }) => capabilities?.includes('vision')).map(({ name }) => name);
  const choice = seeing.length > 0 ? `on this server these can: ${seeing.join(', ')}` : 'pull one that can';
  return visionError('not-supported', 'analysis', `the model '${model}' cannot see images: ${choice}`);
}
