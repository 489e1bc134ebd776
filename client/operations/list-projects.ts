import type { Temporal } from './ask-temporal.ts';
import type { ProjectRow } from './describe-project.ts';
import { findProjects } from './find-projects.ts';
import type { ProjectFilter } from './project-filter.ts';

const pageSize = 100;

/**
 * The projects of the namespace that fit, open ones first, then those that closed last; each once, with its latest run.
 *
 * @param limit at most so many
 * @throws {InvalidInputError}
 */
export async function listProjects(
  temporal: Temporal,
  { limit, ...filter }: ProjectFilter & { readonly limit: number },
): Promise<ProjectRow[]> {
  const rows = new Map<string, ProjectRow>();
  let cursor: string | undefined;
  do {
    const page = await findProjects(temporal, { ...filter, limit: Math.min(pageSize, limit - rows.size), cursor });
    for (const row of page.projects) rows.set(row.projectId, row);
    cursor = page.nextCursor;
  } while (cursor !== undefined && rows.size < limit);
  return [...rows.values()];
}
