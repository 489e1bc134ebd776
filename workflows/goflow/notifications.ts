import { log } from '@temporalio/workflow';
import type { Announcement } from './contracts/activities.ts';
import { activityId } from './contracts/ids.ts';
import { io } from './steps/activities.ts';
import { policies } from './steps/policies.ts';

/** What a project could not deliver before it ended: tried for a day, each by itself. */
export async function goflowNotifications(input: { readonly announcements: readonly Announcement[] }): Promise<void> {
  const deliver = async (announcement: Announcement, index: number) => {
    const call = { activityId: activityId.announce(index + 1), summary: announcement.kind };
    try {
      await io(policies.announce, call).announce(announcement);
    } catch (error) {
      log.warn('a notification was not delivered', { kind: announcement.kind, error });
    }
  };
  await Promise.all(input.announcements.map(deliver));
}
