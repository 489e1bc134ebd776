import type { Site } from './site.ts';

/** How often each activity type was scheduled in the histories of a project's images, by media workflow id. */
export async function scheduledByMedia(site: Site, projectId: string): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  for await (const { workflowId, runId } of site.client.workflow.list({ query: "WorkflowType = 'goflowMedia'" })) {
    if (!workflowId.startsWith(`project-${projectId}/`)) continue;
    const { events } = await site.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const counts = found.get(workflowId) ?? new Map<string, number>();
    for (const event of events ?? []) {
      const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
      if (type) counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    found.set(workflowId, counts);
  }
  return found;
}
