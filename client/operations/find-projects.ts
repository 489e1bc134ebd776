import { NamespaceNotFoundError } from '@temporalio/common';
import pLimit from 'p-limit';
import { isMalformed } from '../../workflows/goflow/contracts/is-malformed.ts';
import { askTemporal, grpcCodes, grpcErrorOf, type Temporal } from './ask-temporal.ts';
import { completeRow } from './complete-row.ts';
import { openCursor, sealCursor, unknownCursor } from './cursor.ts';
import { isOpen, type ProjectRow } from './describe-project.ts';
import { latestRuns } from './latest-runs.ts';
import { type ListedProject, listedProject } from './listed-project.ts';
import { checkFilter, fitsText, mayHideRuns, type ProjectFilter, queryOf } from './project-filter.ts';
import { queryProgress } from './query-progress.ts';
import { readInput } from './read-input.ts';

export interface ProjectSearch extends ProjectFilter {
  /** At most so many. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string | undefined;
}

export interface ProjectPage {
  readonly projects: readonly ProjectRow[];
  /** Absent on the last page. A page may be short, or empty, and yet not the last. */
  readonly nextCursor?: string;
}

/** Calls to Temporal at once, for the rows of one page. */
const inParallel = 8;
/** A text that fits nothing must not read through everything at once. */
const lookAtMost = 200;

/**
 * One page of projects, open ones first, then those that closed last; each once, with its latest run, as Temporal's
 * visibility knows it: that may be a moment behind.
 *
 * @throws {InvalidInputError} {NotFoundError} a cursor that this search has not given
 */
export async function findProjects(temporal: Temporal, search: ProjectSearch): Promise<ProjectPage> {
  const { limit, cursor, ...filter } = search;
  checkFilter(filter);
  const query = queryOf(filter);
  const projects: ProjectRow[] = [];
  let token = cursor === undefined ? undefined : openCursor(cursor, keyOf(filter));
  let looked = 0;
  // runs come in the order of their ends, open ones first: a later run of a project has been seen before an earlier one
  const seen = cursor === undefined && !mayHideRuns(filter) ? new Set<string>() : undefined;
  const latest = (runs: readonly ListedProject[]) =>
    seen ? runs.filter(({ workflowId }) => !seen.has(workflowId) && seen.add(workflowId)) : latestRuns(temporal, runs);
  do {
    const page = await readPage(temporal, query, limit - projects.length, token);
    projects.push(...(await readRows(temporal, await latest(page.runs), filter)));
    token = page.token;
    looked += page.runs.length;
  } while (token && projects.length < limit && looked < lookAtMost);
  return { projects, ...(token && { nextCursor: sealCursor(token, keyOf(filter)) }) };
}

const keyOf = (filter: ProjectFilter) => JSON.stringify([queryOf(filter), filter.text]);

async function readPage(temporal: Temporal, query: string, pageSize: number, nextPageToken: Uint8Array | undefined) {
  const { client, namespace } = temporal;
  const request = { namespace, query, pageSize, ...(nextPageToken && { nextPageToken }) };
  const list = () => client.workflowService.listWorkflowExecutions(request);
  const page = await askTemporal(temporal, () =>
    list().catch((error: unknown) => {
      // it was sound on its way out: somebody made it up, or Temporal has changed since
      if (nextPageToken && grpcErrorOf(error)?.code === grpcCodes.INVALID_ARGUMENT) throw unknownCursor();
      // nothing else is named in this call
      if (grpcErrorOf(error)?.code === grpcCodes.NOT_FOUND) throw new NamespaceNotFoundError(namespace);
      throw error;
    }),
  );
  const token = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  return { runs: page.executions.map(listedProject), token };
}

async function readRows(temporal: Temporal, runs: readonly ListedProject[], { text }: ProjectFilter) {
  const limit = pLimit(inParallel);
  const rows = await Promise.all(runs.map((run) => limit(() => readRow(temporal, run))));
  const found = rows.filter((row) => row !== undefined);
  if (text === undefined) return found;
  const fits = await Promise.all(found.map((row) => limit(() => saysText(temporal, row, text))));
  return found.filter((_, index) => fits[index]);
}

async function readRow(temporal: Temporal, run: ListedProject): Promise<ProjectRow | undefined> {
  const row = await completeRow(temporal, run);
  if (row === undefined || row.phase !== undefined || !isOpen(row)) return row;
  // a namespace without search attributes
  const { progress } = await queryProgress(temporal, row);
  return { ...row, phase: progress?.phase, failed: progress?.totals.failed };
}

async function saysText(temporal: Temporal, row: ProjectRow, text: string): Promise<boolean> {
  const names = row.summary === undefined ? [] : [row.summary];
  const slugs = [row.projectId, ...(row.client === undefined ? [] : [row.client])];
  if (fitsText(text, { slugs, names })) return true;
  // the slug of a project stands nowhere else
  const { job } = await readInput(temporal, row);
  if (isMalformed(job)) return false;
  return fitsText(text, { slugs: [job.project.slug, job.client.slug], names: [job.project.name, job.client.name] });
}
