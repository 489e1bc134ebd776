import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** One command, as a shell needs to know it. */
export interface CompletionNode {
  /** Without the program: `projects retry`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  /** Commands below it. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletionOption[];
  /** What its first argument can be; undefined: there is none, or it is an id, and asking Temporal takes a second. */
  readonly argument: 'file' | readonly string[] | undefined;
}

export interface CompletionOption {
  /** `--json` */
  readonly name: string;
  readonly description: string;
  /** What follows it: nothing, one of these, a file, or a text that cannot be completed. */
  readonly value: 'none' | 'text' | 'file' | readonly string[];
}

/** Every command of a program, the program first. */
export function treeOf(program: CommandUnknownOpts): CompletionNode[] {
  return nodesOf(program, []);
}

function nodesOf(command: CommandUnknownOpts, path: readonly string[]): CompletionNode[] {
  const below = command.commands.map((child) => nodesOf(child, [...path, child.name()]));
  const help = { name: '--help', description: 'display help for command', value: 'none' } as const;
  const node: CompletionNode = {
    path: path.join(' '),
    description: command.description(),
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: [...command.options.map(optionOf), help],
    argument: argumentOf(command),
  };
  return [node, ...below.flat()];
}

type Option = CommandUnknownOpts['options'][number];

const optionOf = (option: Option): CompletionOption => ({
  ...{ name: option.long ?? '', description: option.description },
  value: valueOf(option),
});

function valueOf({ flags, argChoices, required, optional }: Option): CompletionOption['value'] {
  if (argChoices) return argChoices;
  if (/<(file|folder|dir)>/.test(flags)) return 'file';
  return required || optional ? 'text' : 'none';
}

function argumentOf({ registeredArguments: [first] }: CommandUnknownOpts): CompletionNode['argument'] {
  if (first?.argChoices) return first.argChoices;
  return first?.name() === 'file' ? 'file' : undefined;
}
