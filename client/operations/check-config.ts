import { ConfigError, loadConfig } from '../../config/load.ts';

export interface ConfigReport {
  readonly valid: boolean;
  /** SHA-256 over all files, hex: plans name the configuration that they were made with. */
  readonly hash?: string;
  readonly definitions: readonly DefinitionRow[];
  /** Each with its file and line, or its variable. */
  readonly faults: readonly string[];
}

export interface DefinitionRow {
  readonly slug: string;
  readonly version: string;
  readonly model: string;
  readonly fields: readonly string[];
}

/** Reads environment and files as a process at its start would; what single roles need beyond that is their own check. */
export function checkConfig(): ConfigReport {
  try {
    const { hash, definitions } = loadConfig([]);
    const rows = [...definitions.bySlug.values()].map(({ slug, version, model, fields }) => ({
      slug,
      version,
      model,
      fields: Object.keys(fields),
    }));
    return { valid: true, hash, definitions: rows, faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { valid: false, definitions: [], faults: error.faults };
  }
}
