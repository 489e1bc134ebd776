import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What workflow code finds in the global scope of Temporal's sandbox, as far as the pure steps need it: scopes and the
 * log. Import this before anything that imports `@temporalio/workflow`: the SDK looks for it once, when it is loaded.
 */
const globals = globalThis as unknown as Record<string, unknown>;
globals['AsyncLocalStorage'] = AsyncLocalStorage;

const scopes = (await import('@temporalio/workflow/lib/cancellation-scope.js')) as unknown as {
  RootCancellationScope: new () => object;
};

const info = { namespace: 'test', workflowId: 'test', runId: 'test', workflowType: 'test', taskQueue: 'test' };
globals['__TEMPORAL_ACTIVATOR__'] = {
  rootScope: new scopes.RootCancellationScope(),
  interceptors: { outbound: [] },
  info,
  sinkCalls: [],
  getTimeOfDay: () => 0n,
};
