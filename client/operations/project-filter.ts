import { type Phase, phases } from '../../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { isOpen, type ProjectRow } from './describe-project.ts';
import { InvalidInputError } from './errors.ts';

/** Which projects are meant: those that fit every part that is given. */
export interface ProjectFilter {
  /** Only those that are not over. */
  readonly open?: boolean | undefined;
  /** In one of these phases. */
  readonly phases?: readonly Phase[] | undefined;
  /** Slug of the client. */
  readonly client?: string | undefined;
  /** What the project's id, slug or name, or its client, begins with; of names also any word. In any case. */
  readonly text?: string | undefined;
  /** Started at or after, ISO 8601. */
  readonly since?: string | undefined;
  /** Started before, ISO 8601. */
  readonly until?: string | undefined;
  /** True: with at least one failed combination. False: with none. */
  readonly failed?: boolean | undefined;
}

/** Values stand in a query of Temporal between quotes. */
const plainSlug = /^[^'"\\\p{Cc}]{1,200}$/u;

/** @throws {InvalidInputError} naming what cannot be meant */
export function checkFilter({ phases: wanted = [], client, since, until }: ProjectFilter): void {
  const faults = [
    ...wanted.filter((phase) => !phases.includes(phase)).map((phase) => `phase: there is no phase ${phase}`),
    ...(client === undefined || plainSlug.test(client) ? [] : ['client: must be a slug, without quotes']),
    ...(since === undefined || isTime(since) ? [] : ['since: must be a time, such as 2026-11-21T16:00:00Z']),
    ...(until === undefined || isTime(until) ? [] : ['until: must be a time, such as 2026-11-21T16:00:00Z']),
  ];
  if (faults.length > 0)
    throw new InvalidInputError(
      'projects cannot be selected like this',
      faults,
      'See what can be given: gf25 projects list --help',
    );
}

const isTime = (text: string) => !Number.isNaN(Date.parse(text));
const inUtc = (text: string) => new Date(text).toISOString();

/** The filter as a query of Temporal's visibility, but for its text: that is not in there. */
export function queryOf({ open, phases: wanted = [], client, since, until, failed }: ProjectFilter): string {
  const conditions = [
    `WorkflowType = 'goflowProject'`,
    open && `ExecutionStatus = 'Running'`,
    wanted.length > 0 && inPhases(wanted),
    client !== undefined && `${searchAttributes.client.name} = '${client}'`,
    since !== undefined && `StartTime >= '${inUtc(since)}'`,
    until !== undefined && `StartTime < '${inUtc(until)}'`,
    failed !== undefined && `${searchAttributes.failed.name} ${failed ? '> 0' : '= 0'}`,
  ];
  return conditions.filter(Boolean).join(' AND ');
}

/** A malformed job has failed without a phase: no workflow was there to set one. */
function inPhases(wanted: readonly Phase[]): string {
  const { name } = searchAttributes.phase;
  const named = `${name} IN (${wanted.map((phase) => `'${phase}'`).join(', ')})`;
  return wanted.includes('failed') ? `(${named} OR (${name} IS NULL AND ExecutionStatus = 'Failed'))` : named;
}

/** Lists lag behind: before something is done to a project, what counts is what it says now. */
export function stillFits({ open, phases: wanted = [], failed }: ProjectFilter, row: ProjectRow): boolean {
  if (open && !isOpen(row)) return false;
  if (wanted.length > 0 && !(row.phase && wanted.includes(row.phase))) return false;
  return failed === undefined || row.failed === undefined || row.failed > 0 === failed;
}

/** Whether a later run of a project may not fit although an earlier one does. */
export const mayHideRuns = ({ phases: wanted = [], until, failed }: ProjectFilter) =>
  wanted.length > 0 || until !== undefined || failed !== undefined;

/** What a person may look for. */
export interface Searchable {
  readonly slugs: readonly string[];
  readonly names: readonly string[];
}

/** Whether something of a project begins with what somebody typed. */
export function fitsText(text: string, { slugs, names }: Searchable): boolean {
  const wanted = text.trim().toLowerCase();
  if (slugs.some((slug) => slug.toLowerCase().startsWith(wanted))) return true;
  return names.some((name) => ` ${name.toLowerCase()}`.includes(` ${wanted}`));
}
