export interface Help {
  /** Without `gf25`. */
  readonly example: string;
  /** Without `temporal`; undefined where Temporal has no part in it. */
  readonly temporal: string | undefined;
}

/** What follows the options in `--help`: how it is done here, and how without us. */
export function examples({ example, temporal }: Help): string {
  const same = temporal === undefined ? 'Temporal has no part in this.' : `The same by hand:\n  $ temporal ${temporal}`;
  return `\nExample:\n  $ gf25 ${example}\n\n${same}`;
}

export const jsonFlag = ['--json', 'one JSON document on stdout'] as const;
export const idArgument = ['<id>', 'id of the project or of its workflow'] as const;

/** A project by hand; Temporal itself neither knows its client nor refuses one that runs already. */
export const startByHand = (reuse: 'AllowDuplicate' | 'AllowDuplicateFailedOnly', rerun: number) =>
  `workflow start --type goflowProject -w project-ID -t goflow --fail-existing --id-reuse-policy ${reuse} --search-attribute 'Gf25Client="SLUG"' --input '{"job":...,"rerun":${rerun},"searchAttributes":true}'`;
