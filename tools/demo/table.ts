import { duration } from '../../client/report/duration.ts';
import {
  type CombinationResult,
  countStates,
  overallVerdict,
  type ProjectResults,
} from '../../client/report/results.ts';
import { oneLine, shortAnswer, shortened } from '../../client/report/short-answer.ts';
import type { Colours } from './screen.ts';

/** Above so many combinations the table has one row per image instead of one per combination. */
const mostRows = 100;
const answerLength = 60;

/** The lines of the table at the end: per image and analysis, or per image where those would be too many. */
export function resultTable({ media, analyses }: ProjectResults, colours: Colours): string[] {
  const combinations = media.length * analyses.length;
  if (combinations <= mostRows) {
    const rows = media.flatMap((item) =>
      item.combinations.map((result) => combinationRow(item.media.filename, result)),
    );
    return layOut(['image', 'analysis', 'outcome', 'verdict', 'time', 'answer'], rows, colours);
  }
  const rows = media.map((item) => {
    const { accepted, failed, pending } = countStates(item.combinations);
    const verdicts = item.combinations.map(({ answer }) => overallVerdict(answer?.verdicts));
    const count = (verdict: string) => String(verdicts.filter((given) => given === verdict).length);
    const totalMs = item.combinations.reduce((sum, { answer }) => sum + (answer?.provenance?.inferenceMs ?? 0), 0);
    const columns = [accepted, failed, pending].map(String);
    return [oneLine(item.media.filename), ...columns, count('passed'), count('repaired'), duration(totalMs)];
  });
  const title = ['image', 'accepted', 'failed', 'pending', 'passed', 'repaired', 'inference'];
  return [
    `${combinations} combinations are too many rows: here is one per image, and everything is on the page.`,
    ...layOut(title, rows, colours),
  ];
}

function combinationRow(filename: string, { analysis, state, failure, answer }: CombinationResult): string[] {
  const provenance = answer?.provenance;
  const text = failure
    ? `${failure.code}: ${failure.message}`
    : answer
      ? shortAnswer(answer.stored.analysisResult)
      : '';
  return [
    oneLine(filename),
    oneLine(analysis.slug),
    state,
    overallVerdict(answer?.verdicts) ?? '-',
    provenance ? duration(provenance.inferenceMs) : '-',
    shortened(oneLine(text), answerLength),
  ];
}

function layOut(title: readonly string[], rows: readonly (readonly string[])[], colours: Colours): string[] {
  const widths = title.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const paint: Readonly<Record<string, (text: string) => string>> = {
    accepted: colours.green,
    passed: colours.green,
    repaired: colours.yellow,
    degraded: colours.yellow,
    failed: colours.red,
    pending: colours.yellow,
  };
  const line = (cells: readonly string[]) => cells.join('  ').trimEnd();
  return [
    colours.bold(line(padded(title))),
    ...rows.map((row) => line(padded(row).map((cell) => (paint[cell.trim()] ?? String)(cell)))),
  ];
}
