import { z } from 'zod';
import { type ModelFacts, VisionError } from './provider.ts';
import { visionError } from './server-errors.ts';

/** What is asked besides answers. */
export interface OpenAiServer {
  /** JSON at a path below the root, which is the base URL without `/v1`. @throws {VisionError} */
  get(path: string, signal: AbortSignal): Promise<unknown>;
}

const words = z.array(z.string()).nullish().catch(undefined);
const entrySchema = z.object({
  id: z.string(),
  owned_by: z.string().nullish().catch(undefined),
  capabilities: words,
  architecture: z.object({ input_modalities: words }).nullish().catch(undefined),
});
const listSchema = z.object({
  data: z.array(entrySchema),
  /** llama.cpp says here what its model can, in the same order. */
  models: z
    .array(z.object({ capabilities: words }))
    .nullish()
    .catch(undefined),
});
type ModelList = z.infer<typeof listSchema>;

/** @throws {VisionError} `protocol` when the answer is no list of models */
export async function listModels(server: OpenAiServer, signal: AbortSignal): Promise<ModelList> {
  const list = listSchema.safeParse(await server.get('/v1/models', signal));
  if (list.success) return list.data;
  throw visionError('protocol', 'host', 'GET /v1/models gives no list: is this an OpenAI-compatible server?');
}

/**
 * Only some servers tell whether a model can see; with the others the first call does.
 *
 * @throws {VisionError} `model-missing` with the models that are served; `not-supported`
 */
export async function checkOpenAiModel(server: OpenAiServer, model: string, signal: AbortSignal): Promise<ModelFacts> {
  const list = await listModels(server, signal);
  const index = list.data.findIndex(({ id }) => id === model);
  const entry = list.data[index];
  if (entry === undefined) throw missing(model, list);
  if (!canSee(entry.capabilities ?? list.models?.[index]?.capabilities ?? entry.architecture?.input_modalities))
    throw visionError('not-supported', 'analysis', `the model '${model}' cannot see images: serve one that can`);
  const version = await versionOf(server, entry.owned_by ?? '', signal);
  return version === undefined ? {} : { serverVersion: version };
}

const seeing = ['vision', 'multimodal', 'image'];
const canSee = (said: readonly string[] | null | undefined) => !said || said.some((word) => seeing.includes(word));

function missing(model: string, { data }: ModelList): VisionError {
  const served = data.length === 0 ? 'none' : data.map(({ id }) => `'${id}'`).join(', ');
  const advice = 'name one of these as vision.model (or in the definition), or start the server with the one wanted';
  return visionError('model-missing', 'analysis', `the server does not serve '${model}' but ${served}: ${advice}`);
}

/** Where each server tells its version, by what it calls itself in its list of models. */
const versions: Readonly<Record<string, { readonly path: string; readonly name: string }>> = {
  vllm: { path: '/version', name: 'version' },
  sglang: { path: '/get_server_info', name: 'version' },
  llamacpp: { path: '/props', name: 'build_info' },
};

async function versionOf(server: OpenAiServer, owner: string, signal: AbortSignal): Promise<string | undefined> {
  const place = versions[owner];
  if (!place) return owner === '' ? undefined : owner;
  try {
    const answer = await server.get(place.path, signal);
    const version = (answer as Readonly<Record<string, unknown>> | null)?.[place.name];
    return typeof version === 'string' ? `${owner} ${version}` : owner;
  } catch (error) {
    if (error instanceof VisionError && error.kind === 'cancelled') throw error;
    // no reason to refuse work
    return owner;
  }
}
