/** Task queues. A typo in a queue name silently makes a second queue, so nobody writes one by hand. */
export const queues = {
  /** Workflow tasks only. */
  workflows: 'goflow',
  /** Calls to GoFlow, planning, reports, notifications. */
  io: 'goflow-io',
  /** Shared by all GPU hosts: whoever has room stages the next image. */
  gpu: 'goflow-gpu',
  /** One host's own queue. The name is stable, so a host that restarts finds its work again. */
  gpuHost: (host: string) => `goflow-gpu.${host}`,
} as const;
