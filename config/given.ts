export type Given = Readonly<Record<string, string>>;

/** The variables that say something: an empty or blank value counts as not set, as in most shells and compose files. */
export const givenIn = (env: NodeJS.ProcessEnv): Given =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())));
