import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { HostActivities, IoActivities, StagingActivities } from '../contracts/activities.ts';
import { queues } from '../contracts/queues.ts';
import type { policies } from './policies.ts';

type Policy = (typeof policies)[keyof typeof policies];

interface Call {
  /** One of `activityId`: readable and never pending twice. */
  readonly activityId: string;
  /** The label of the activity in the Web UI. */
  readonly summary: string;
}

const options = (policy: Policy, taskQueue: string, call: Call): ActivityOptions => ({ ...policy, taskQueue, ...call });

/** The io worker's activities under one policy. */
export const io = (policy: Policy, call: Call) => proxyActivities<IoActivities>(options(policy, queues.io, call));

/** Staging on whichever host has room; fair between projects. */
export const anyHost = (policy: Policy, call: Call, projectId: string) =>
  proxyActivities<StagingActivities>({
    ...options(policy, queues.gpu, call),
    priority: { fairnessKey: projectId },
  });

/** The activities of one host. */
export const onHost = (host: string, policy: Policy, call: Call) =>
  proxyActivities<HostActivities>(options(policy, queues.gpuHost(host), call));
