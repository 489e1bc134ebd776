import type { Temporal } from './ask-temporal.ts';
import type { Diagnosis } from './diagnosis/finding.ts';
import { gather } from './diagnosis/gather.ts';
import { judge } from './diagnosis/judge.ts';

/**
 * What a project is waiting for, and which commands help.
 *
 * @throws {NotFoundError}
 */
export async function diagnoseProject(temporal: Temporal, { id }: { readonly id: string }): Promise<Diagnosis> {
  return judge(await gather(temporal, id));
}
