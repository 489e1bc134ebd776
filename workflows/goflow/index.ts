export { goflowIntake } from './intake.ts';
export { goflowMedia } from './media.ts';
export { goflowNotifications } from './notifications.ts';
export { goflowProject } from './project.ts';
