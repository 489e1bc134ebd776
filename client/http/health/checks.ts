import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { LiveConfigState } from '../../../config/live-config.ts';
import { failures, isFailureCode } from '../../../workflows/shared/failures.ts';
import { NotFoundError } from '../../operations/errors.ts';
import type { Operations } from '../operations.ts';
import type { Check } from './health.ts';

export interface HealthSources {
  /** Rejects while Temporal does not answer. */
  readonly checkTemporal: () => Promise<void>;
  readonly operations: Pick<Operations, 'showIntake' | 'listHosts'>;
  readonly stateFolder: string;
  /** Asked each time: a reload changes it. */
  readonly configuration: () => LiveConfigState & { readonly definitions: number };
}

/** What `/health` looks at. */
export function createChecks(sources: HealthSources) {
  return {
    temporal: async () => {
      const startedAt = performance.now();
      await sources.checkTemporal();
      const detail = `answers in ${Math.round(performance.now() - startedAt)} ms`;
      return [{ name: 'temporal', isHealthy: true, detail }];
    },
    goflow: () => lookAtGoflow(sources.operations),
    gpu: () => lookAtHosts(sources.operations),
    disk: () => lookAtDisk(sources.stateFolder),
    configuration: async () => {
      const { hash, version, faults, definitions } = sources.configuration();
      const inForce = `version ${version}, ${hash.slice(0, 12)}, ${definitions} analyses`;
      const now = faults.length > 0 ? `; its files have ${faults.length} fault(s) now, see gf25 config check` : '';
      return [{ name: 'configuration', isHealthy: faults.length === 0, detail: `${inForce}${now}` }];
    },
  } satisfies Record<string, Check>;
}

/** Only the io workers speak with GoFlow: what they met last is what is known of it. */
async function lookAtGoflow(operations: HealthSources['operations']): ReturnType<Check> {
  const name = 'goflow';
  try {
    const { paused, runs } = await operations.showIntake();
    const code = runs.find(({ lastFailure }) => lastFailure)?.lastFailure?.code;
    const isHealthy = !(isFailureCode(code) && failures[code].retry === 'again');
    const state = paused ? 'intake is paused' : runs.length > 0 ? 'intake polls' : 'nobody polls now';
    return [{ name, isHealthy, detail: code === undefined ? state : `${state}; last poll: ${code}` }];
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return [{ name, isHealthy: false, detail: 'nothing is known: no io worker has run yet' }];
  }
}

async function lookAtHosts(operations: HealthSources['operations']): ReturnType<Check> {
  const { hosts, shared } = await operations.listHosts({ countImages: false });
  if (hosts.length === 0) return [{ name: 'gpu', isHealthy: false, detail: 'no GPU host is known' }];
  const waiting = shared.backlog > 0 ? `; ${shared.backlog} image(s) wait for a host` : '';
  return hosts.map(({ host, alive, lastHeard, backlog }) => ({
    name: `gpu:${host}`,
    isHealthy: alive,
    detail: `${alive ? 'its worker polls' : `its worker was last heard at ${lastHeard ?? 'no time that Temporal knows of'}`}, ${backlog} task(s) wait${waiting}`,
  }));
}

const lowBytes = 1024 ** 3;
const gibi = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** Where the state directory is, or will be. */
async function lookAtDisk(folder: string): ReturnType<Check> {
  const { bavail, blocks, bsize } = await statfs(nearest(resolve(folder)));
  const free = bavail * bsize;
  return [{ name: 'disk', isHealthy: free > lowBytes, detail: `${gibi(free)} of ${gibi(blocks * bsize)} free` }];
}

const nearest = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
