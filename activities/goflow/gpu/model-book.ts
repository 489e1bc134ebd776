import { createSingleFlight } from '../../shared/single-flight.ts';
import type { ModelFacts, VisionProvider } from '../../vision/provider.ts';

/**
 * What the vision server says of its models: asked before the first use of each, kept until somebody has a reason to
 * doubt it. Failures are not kept.
 */
export class ModelBook {
  private readonly provider: Pick<VisionProvider, 'checkModel'>;
  private readonly questions = createSingleFlight<ModelFacts>();
  private known = new Map<string, ModelFacts>();

  constructor(provider: Pick<VisionProvider, 'checkModel'>) {
    this.provider = provider;
  }

  /** @throws {VisionError} as `checkModel`; the signal's reason when it is aborted while others ask the same */
  async factsOf(model: string, signal: AbortSignal): Promise<ModelFacts> {
    // what is found out after somebody had doubts is right; what was asked before may not be
    const { known } = this;
    const facts = known.get(model);
    if (facts) return facts;
    const found = await this.questions.do(model, signal, (within) => this.provider.checkModel(model, within));
    known.set(model, found);
    return found;
  }

  /** The server came back, has another version, or does not know a model any more. */
  forget(): void {
    this.known = new Map();
  }
}
