import type { ControlRoutes } from '../shared/control.ts';
import { faultControl } from '../shared/fault-control.ts';
import type { Faults } from '../shared/faults.ts';
import type { Job } from './job.ts';
import { ENDPOINTS, MATCH_NAMES, type Endpoint, type MatchName } from './routes.ts';

/** What of the stand-in other processes reach over HTTP. */
interface Steered {
  readonly faults: Faults<Endpoint, MatchName>;
  enqueue(body: Buffer, options: { expectComplete: boolean }): void;
  queued(): number;
  registerProject(job: Job): void;
  calls(): unknown;
  ledger(): unknown;
  violations(): unknown;
  downloads(): unknown;
}

/**
 * The paths below `/_stand-in/`. `POST jobs?expectComplete=false` for a project that may end with gaps, `POST projects`
 * for one that is known without a place in the queue: whoever runs it got its job in another way.
 */
export function goflowControl(standIn: Steered): ControlRoutes {
  return {
    'POST jobs': (body, query) => {
      standIn.enqueue(body, { expectComplete: query.get('expectComplete') !== 'false' });
      return { queued: standIn.queued() };
    },
    'POST projects': (body) => {
      standIn.registerProject(JSON.parse(body.toString()) as Job);
      return { queued: standIn.queued() };
    },
    ...faultControl(standIn.faults, ENDPOINTS, MATCH_NAMES),
    'GET calls': () => standIn.calls(),
    'GET ledger': () => standIn.ledger(),
    'GET violations': () => standIn.violations(),
    'GET downloads': () => standIn.downloads(),
    'GET health': () => ({ name: 'goflow-stand-in', status: 'ok', queued: standIn.queued() }),
  };
}
