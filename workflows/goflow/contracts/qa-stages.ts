/** The three stages of QA, in their order. Apart from `qa.ts`, so that no workflow run evaluates its schemas. */
export const qaStages = ['structural', 'content', 'domain'] as const;
export type QaStage = (typeof qaStages)[number];
