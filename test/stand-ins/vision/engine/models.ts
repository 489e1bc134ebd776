import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

export interface ModelDefinition {
  readonly name: string;
  /** (Default: made from the name) */
  readonly digest?: string;
  /** (Default: completion and vision) */
  readonly capabilities?: readonly string[];
  /** (Default: qwen25vl) */
  readonly family?: string;
  /** (Default: 6 GB) */
  readonly sizeBytes?: number;
}

export type Model = Required<ModelDefinition>;

const SHIPPED: readonly ModelDefinition[] = [
  { name: 'qwen2.5vl:7b', capabilities: ['completion', 'vision'] },
  { name: 'qwen3-vl:8b-instruct', capabilities: ['completion', 'vision', 'tools'], family: 'qwen3vl' },
  { name: 'llama3.2:3b', capabilities: ['completion', 'tools'], family: 'llama', sizeBytes: 2_019_393_189 },
];

/** The models of this server. */
export class ModelShelf {
  readonly #models: Map<string, Model>;
  readonly #acceptAny: boolean;

  constructor(definitions: readonly ModelDefinition[] = SHIPPED, acceptAny = true) {
    this.#models = new Map(definitions.map((each) => [fullName(each.name), complete(each)]));
    this.#acceptAny = acceptAny;
  }

  list(): Model[] {
    return [...this.#models.values()];
  }

  /** From now on it is there. */
  pull(name: string): void {
    this.#models.set(fullName(name), complete({ name }));
  }

  /** @throws Refusal when there is none of that name */
  find(name: string): Model {
    const known = this.#models.get(fullName(name));
    if (known) return known;
    if (this.#acceptAny) return complete({ name });
    throw new Refusal({ kind: 'model-missing', model: name });
  }
}

function fullName(name: string): string {
  return name.includes(':') ? name : `${name}:latest`;
}

function complete(definition: ModelDefinition): Model {
  return {
    digest: createHash('sha256').update(definition.name).digest('hex'),
    capabilities: ['completion', 'vision'],
    family: 'qwen25vl',
    sizeBytes: 5_969_245_856,
    ...definition,
    name: fullName(definition.name),
  };
}
