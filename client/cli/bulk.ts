import type { Temporal } from '../operations/ask-temporal.ts';
import { InvalidInputError } from '../operations/errors.ts';
import type { BulkReply, BulkVerb, Selection } from '../operations/selected-projects.ts';
import { answer, type Cli } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import { type FilterOptions, filterOf } from './filter-options.ts';
import { renderBulk } from './render/bulk.ts';

export const oneOrMany = [
  '[id]',
  'id of the project or of its workflow; without it, the options select projects',
] as const;
export const yesFlag = [
  '--yes',
  'do it to all that are selected; without it they are only shown, with their answers',
] as const;
/** Whoever means more at once narrows the selection. */
const maxProjects = 1_000;

export interface BulkOptions extends FilterOptions {
  readonly yes?: true | undefined;
  readonly json?: true;
}

/** @throws {InvalidInputError} one project is named, and others are selected, too */
export function refuseSelection(verb: BulkVerb, selection: Omit<BulkOptions, 'json'>): void {
  if (Object.values(selection).every((value) => value === undefined)) return;
  throw new InvalidInputError(
    `${verb} is said either to one project or to those that are selected`,
    ['both an id and a selection are given'],
    'Leave one of them out.',
  );
}

/** A preview unless --yes is given; else each project leaves a record, and so does the whole. */
export async function doToMany(
  cli: Cli,
  word: BulkVerb,
  input: object,
  { json, yes, ...options }: BulkOptions,
  work: (temporal: Temporal, selection: Selection) => Promise<BulkReply>,
): Promise<void> {
  const verb = `project.${word}` as const;
  const filter = filterOf(options);
  const perform = <T>(projectId: string, one: () => Promise<T>) => cli.perform({ verb, projectId, input }, one);
  const doIt = () => cli.withTemporal((temporal) => work(temporal, { filter, dryRun: !yes, maxProjects, perform }));
  const reply = yes ? await cli.perform({ verb, filter, input }, doIt) : await doIt();
  answer(cli, json ? { json } : {}, reply, () => renderBulk(reply, cli.colours));
  // a preview has no bad news
  if (reply.projects.some(({ outcome }) => yes && outcome !== 'done')) cli.exitCode = exitCodes.failed;
}
