import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Columns and filters of the Web UI and of `temporal workflow list`. Registered at start when missing. */
export const searchAttributes = {
  projectId: defineSearchAttributeKey('Gf25ProjectId', SearchAttributeType.KEYWORD),
  client: defineSearchAttributeKey('Gf25Client', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('Gf25Phase', SearchAttributeType.KEYWORD),
  failed: defineSearchAttributeKey('Gf25Failed', SearchAttributeType.INT),
} as const;
