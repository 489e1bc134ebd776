import type { Prices } from '../../config/prices.ts';

/** What tokens have cost at the prices of now. */
export interface Cost {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface TokensOf {
  readonly modelUsed?: string;
  readonly promptTokens?: number;
  readonly outputTokens?: number;
}

/** Undefined where no price, or no number of tokens, is known. */
export function costOf(made: readonly TokensOf[], prices: Prices | undefined): Cost | undefined {
  if (!prices) return undefined;
  const amounts = made.flatMap(({ modelUsed, promptTokens, outputTokens = 0 }) => {
    const price = prices.models[modelUsed ?? ''];
    if (!price || promptTokens === undefined) return [];
    return [(promptTokens * price.input + outputTokens * price.output) / 1e6];
  });
  if (amounts.length === 0) return undefined;
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency: prices.currency };
}

/** `0.0123 EUR`: cents say nothing of one answer. */
export const costInWords = ({ amount, currency }: Cost) => `${amount.toFixed(4)} ${currency}`;
