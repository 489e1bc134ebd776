import { AsyncLocalStorage } from 'node:async_hooks';

/** One id for everything that belongs to one job: log lines, calls to GoFlow, audit records. */
const ids = new AsyncLocalStorage<string>();

export const currentCorrelationId = (): string | undefined => ids.getStore();

/** @param id of whatever `work` does and whatever it starts */
export const withCorrelationId = <T>(id: string, work: () => T): T => ids.run(id, work);
