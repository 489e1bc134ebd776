import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { CompletionNode } from './tree.ts';
import { zshScript } from './zsh.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const scripts: Record<Shell, (nodes: readonly CompletionNode[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** A script to be read by the shell. It holds the whole tree: a TAB starts no process. */
export const completionScript = (shell: Shell, nodes: readonly CompletionNode[]): string => scripts[shell](nodes);
