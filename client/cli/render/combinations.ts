import { costInWords } from '../../report/cost.ts';
import { duration } from '../../report/duration.ts';
import type { CombinationRow, CombinationsAnswer } from '../../report/read-combinations.ts';
import type { Colours } from '../cli.ts';
import { clean } from './clean.ts';
import { table } from './table.ts';

/** A line for each image and analysis, and what all of them have cost. */
export function renderCombinations(answer: CombinationsAnswer, colours: Colours): string {
  if (!answer.combinations) return `combinations unknown: ${clean(answer.combinationsUnavailable)}`;
  const columns = [
    { heading: 'FILE' },
    { heading: 'ANALYSIS' },
    { heading: 'STATE', paint: (cell: string) => (cell.startsWith('failed') ? colours.red(cell) : cell) },
    { heading: 'VERDICT' },
    { heading: 'HOST' },
    { heading: 'MODEL' },
    { heading: 'ATTEMPTS', align: 'right' as const },
    { heading: 'INFERENCE', align: 'right' as const },
    { heading: 'TOKENS', align: 'right' as const },
    // without prices there is no such column
    ...(answer.spent.cost ? [{ heading: 'COST', align: 'right' as const }] : []),
  ];
  const { inferences, inferenceMs, promptTokens, outputTokens, cost } = answer.spent;
  const tokens = promptTokens + outputTokens === 0 ? '' : `, ${promptTokens} tokens in, ${outputTokens} out`;
  const spent = `spent: ${duration(inferenceMs)} of lanes in ${inferences} inferences${tokens}${cost ? `, ${costInWords(cost)}` : ''}`;
  return [table(columns, answer.combinations.map(cellsOf)), spent].join('\n');
}

const cellsOf = ({ filename, slug, state, failure, verdict, host, modelUsed, attempts, ...made }: CombinationRow) => [
  ...[filename, slug, failure ? `${state}: ${failure.code}` : state, verdict, host, modelUsed, attempts],
  made.inferenceMs === undefined ? undefined : duration(made.inferenceMs),
  made.promptTokens === undefined ? undefined : `${made.promptTokens}+${made.outputTokens ?? 0}`,
  made.cost && costInWords(made.cost),
];
