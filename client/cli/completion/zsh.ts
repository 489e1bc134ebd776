import { quote } from './quote.ts';
import type { CompletionNode, CompletionOption } from './tree.ts';

/** To be sourced after `compinit`, or saved as `_gf25` in a folder of fpath. */
export const zshScript = (nodes: readonly CompletionNode[]): string => `#compdef gf25
_gf25() {
  local at='' next='' prev="\${words[CURRENT - 1]}" i
  # --option=value is one word
  if [[ $PREFIX == --*=* ]]; then prev="\${PREFIX%%=*}"; compset -P 1 '*='; fi
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case "$next" in
      (${nodes.flatMap(({ path }) => (path === '' ? [] : quote(path))).join(' | ')}) at="$next" ;;
    esac
  done
  case "$at $prev" in
${nodes.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option))).join('\n')}
  esac
  local -a items
  case "$at" in
${nodes.map(nodeCase).join('\n')}
  esac
}
compdef _gf25 gf25
`;

function valueCase(path: string, { name, value }: CompletionOption): string[] {
  if (value === 'none') return [];
  const complete = value === 'text' ? '' : value === 'file' ? '_files; ' : `compadd -- ${value.map(quote).join(' ')}; `;
  return [`    (${quote(`${path} ${name}`)}) ${complete}return ;;`];
}

function nodeCase({ path, commands, options, argument }: CompletionNode): string {
  const flags = describe(options);
  if (argument === 'file') return `    (${quote(path)}) if [[ $PREFIX == -* ]]; then ${flags}; else _files; fi ;;`;
  const others = describe(argument ? argument.map((name) => ({ name, description: name })) : commands);
  return `    (${quote(path)}) if [[ $PREFIX == -* ]]; then ${flags}; else ${others}; fi ;;`;
}

const describe = (entries: readonly { readonly name: string; readonly description: string }[]) =>
  `items=(${entries.map(({ name, description }) => quote(`${name}:${description.replaceAll(':', '\\:')}`)).join(' ')}); _describe gf25 items`;
