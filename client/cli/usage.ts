import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import { clean } from './render/clean.ts';

/** The words of a command cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command that says more: `gf25 projects show --help`. */
  readonly help: string;
  /** Its whole help was shown already, since a verb is missing. */
  readonly isShown: boolean;
  constructor({ code, message }: CommanderError, help: string) {
    const isShown = code === 'commander.help';
    // a suggestion stands on a line of its own
    const lines = message.replace(/^error: /, '').split('\n');
    super(isShown ? 'a verb is missing' : lines.map(clean).join('\n'));
    this.help = help;
    this.isShown = isShown;
  }
}

/** Lets what is wrong with a command's words come out as an error that names its help; help and version pass through. */
export function throwUsageErrors(command: CommandUnknownOpts, path = command.name()): void {
  command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : new UsageError(error, `${path} --help`);
  });
  for (const child of command.commands) throwUsageErrors(child, `${path} ${child.name()}`);
}

/** `help projects show` means `projects show --help`; commander itself looks at the first of the words only. */
export function spellOutHelp(program: CommandUnknownOpts, args: readonly string[]): readonly string[] {
  const words = args.filter((arg) => !arg.startsWith('-'));
  if (words[0] !== 'help') return args;
  const path: string[] = [];
  let command: CommandUnknownOpts = program;
  for (const word of words.slice(1)) {
    const next = command.commands.find((child) => child.name() === word);
    // a word too many is no matter, a wrong one is said
    if (next === undefined) return command.commands.length === 0 ? [...path, '--help'] : [...path, word];
    path.push(word);
    command = next;
  }
  return [...path, '--help'];
}

/** Whether a program listens; known also where the words of a command are wrong. */
export const wantsJson = (args: readonly string[]): boolean =>
  args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json');
