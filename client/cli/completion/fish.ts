import type { CompletionNode, CompletionOption } from './tree.ts';

/** For fish 3.0 and later. */
export const fishScript = (nodes: readonly CompletionNode[]): string => `# gf25 completion fish
function __gf25_at
    set -l at
    for word in (commandline -opc)[2..-1]
        set -l next (string join ' ' -- $at $word)
        if contains -- $next ${nodes.flatMap(({ path }) => (path === '' ? [] : quote(path))).join(' ')}
            set at $next
        end
    end
    test "$argv[1]" = "$at"
end
complete -c gf25 -f
${nodes.flatMap(linesOf).join('\n')}
`;

function linesOf({ path, commands, options, argument }: CompletionNode): string[] {
  const at = `complete -c gf25 -n ${quote(`__gf25_at ${quote(path)}`)}`;
  const below = commands.map(({ name, description }) => `${at} -a ${name} -d ${quote(description)}`);
  const flags = options.map((option) => `${at} ${optionOf(option)}`);
  if (argument === undefined) return [...below, ...flags];
  return [argument === 'file' ? `${at} -F` : `${at} -a ${quote(argument.join(' '))}`, ...flags];
}

function optionOf({ name, description, value }: CompletionOption): string {
  const flag = `-l ${name.replace(/^--/, '')} -d ${quote(description)}`;
  if (value === 'none') return flag;
  if (value === 'file') return `${flag} -r -F`;
  return value === 'text' ? `${flag} -x` : `${flag} -x -a ${quote(value.join(' '))}`;
}

/** Unlike other shells, fish has escapes inside single quotes. */
const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
