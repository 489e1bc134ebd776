import { type Job, type MalformedJob, parseJob } from '../../../workflows/goflow/contracts/job.ts';
import { sha256 } from '../../shared/digest.ts';

/** Reads the body of E1. What is not a valid job is still a job: it becomes a failed, visible project. */
export function readJob(raw: Buffer): Job | MalformedJob {
  const bodyDigest = sha256(raw);
  let body: unknown;
  try {
    body = JSON.parse(raw.toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { malformed: true, faults: [`(body): not JSON: ${reason}`], bodyDigest };
  }
  const parsed = parseJob(body);
  if ('job' in parsed) return parsed.job;
  const projectId = projectIdOf(body);
  return { malformed: true, faults: parsed.faults, bodyDigest, ...(projectId !== undefined && { projectId }) };
}

/** A job with one bad field usually still says which project it is. */
function projectIdOf(body: unknown): string | undefined {
  const project = typeof body === 'object' && body !== null && 'project' in body ? body.project : undefined;
  const id = typeof project === 'object' && project !== null && 'id' in project ? project.id : undefined;
  return typeof id === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined;
}
