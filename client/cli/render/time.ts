/** `2026-11-21 11:28:37` of an ISO 8601 time; always UTC, as in the Web UI's own default and in all logs. */
export const timeOf = (iso: string | undefined) => (iso ?? '').slice(0, 19).replace('T', ' ');
