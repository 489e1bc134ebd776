export { goflowIntake } from './intake.ts';
export { goflowMedia } from './media.ts';
export { goflowProject } from './project.ts';
